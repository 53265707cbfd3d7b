import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type ApacheKafkaVersion, provideApacheKafkaJars, quickJvmOptions } from './apache-kafka-jars.ts'

export interface ProgramOutcome {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly input?: string | undefined
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** The program is killed after that. */
  readonly timeoutMs?: number | undefined
  /** Kills the program with SIGKILL: it then ends with the exit code null. */
  readonly signal?: AbortSignal | undefined
}

const logging = fileURLToPath(new URL('../interop/apache-kafka/log4j2.properties', import.meta.url))
const timeoutMsDefault = 60_000

/**
 * Runs one of Apache Kafka's command-line tools by the name of its class, which is what `bin/kafka-….sh` does. Resolves
 * with whatever it ended with.
 */
export async function runKafkaTool(
  className: string,
  args: readonly string[],
  options: ProgramOptions & { readonly version?: ApacheKafkaVersion } = {},
): Promise<ProgramOutcome> {
  const { classPath, classArchive } = await provideApacheKafkaJars(options.version ?? '4.3.1')
  const settings = ['-Xmx256m', `-XX:SharedArchiveFile=${classArchive}`, `-Dlog4j2.configurationFile=${logging}`]
  return runProgram('java', [...quickJvmOptions, ...settings, '-cp', classPath, className, ...args], options)
}

/** Runs any program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  { input, environment = {}, timeoutMs = timeoutMsDefault, signal }: ProgramOptions = {},
): Promise<ProgramOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...environment }, timeout: timeoutMs })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8')
    })
    signal?.addEventListener('abort', () => child.kill('SIGKILL'))
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
    // A program that ends before it has read everything is judged by what it said.
    child.stdin.on('error', () => child.stdin.destroy())
    child.stdin.end(input)
  })
}
