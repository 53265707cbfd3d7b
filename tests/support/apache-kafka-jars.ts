import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export type ApacheKafkaVersion = '4.3.1' | '3.9.1'

const run = promisify(execFile)
const pom = fileURLToPath(new URL('../interop/apache-kafka/pom.xml', import.meta.url))
const cache = fileURLToPath(new URL('../../node_modules/.cache/apache-kafka', import.meta.url))

/** For JVMs that should start soon rather than run fast. */
export const quickJvmOptions = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xlog:disable'] as const

export interface ApacheKafkaJars {
  /** The class path of brokers and tools. */
  readonly classPath: string
  /** Classes of the tools as the JVM likes to find them: a tool starts in half the time. */
  readonly classArchive: string
}

/** What brokers and tools are started from; Maven fetches the jars the first time. */
export async function provideApacheKafkaJars(version: ApacheKafkaVersion): Promise<ApacheKafkaJars> {
  const directory = join(cache, version)
  const jars = { classPath: join(directory, '*'), classArchive: join(directory, 'tools.jsa') }
  if (!existsSync(directory)) await fetchJars(version, directory)
  if (!existsSync(jars.classArchive)) await archiveClasses(jars)
  return jars
}

async function fetchJars(version: ApacheKafkaVersion, directory: string): Promise<void> {
  // Under another name until it is whole, so that an interrupted download is not taken for the jars.
  const partial = `${directory}.${process.pid}`
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`]
  try {
    await run('mvn', ['-q', '-B', '-f', pom, `-Dkafka.version=${version}`, ...goal])
    await rename(partial, directory)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    // Another run may have fetched them in the meantime.
    if (!existsSync(directory)) throw error
  }
}

/** Loads what any admin tool loads by running one against no broker, which fails after half a second. */
async function archiveClasses({ classPath, classArchive }: ApacheKafkaJars): Promise<void> {
  const partial = `${classArchive}.${process.pid}`
  const hurry = `${classArchive}.${process.pid}.properties`
  await writeFile(hurry, 'default.api.timeout.ms=500\nrequest.timeout.ms=400\n')
  const tool = ['org.apache.kafka.tools.TopicCommand', '--list', '--bootstrap-server', '127.0.0.1:1']
  const options = [...quickJvmOptions, `-XX:ArchiveClassesAtExit=${partial}`, '-cp', classPath]
  await run('java', [...options, ...tool, '--command-config', hurry]).catch(() => undefined)
  await rm(hurry)
  if (existsSync(partial)) await rename(partial, classArchive)
}
