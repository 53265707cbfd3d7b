import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BrokerConnection, ConnectionLost } from '../../broker/network/connection.ts'
import { apiVersions } from '../../broker/protocol/messages/18-api-versions.ts'
import { type ApacheKafkaVersion, provideApacheKafkaJars } from './apache-kafka-jars.ts'
import { findFreePorts } from './free-ports.ts'
import { runKafkaTool } from './kafka-tool.ts'
import { waitFor } from './wait-for.ts'

export interface ApacheKafka {
  readonly version: ApacheKafkaVersion
  readonly bootstrap: string
  /** `127.0.0.1:port`, one a broker, in the order of their ids from 1. */
  readonly brokers: readonly string[]
  readonly dataDirectory: string
  /** From the start of its first process until all brokers answer; their storage was formatted before. */
  readonly startMs: number
  pidOf(brokerId: number): number
  /** SIGKILL. Resolves when the process is gone. */
  kill(brokerId: number): Promise<void>
  /** SIGTERM. Resolves when the process is gone. */
  end(brokerId: number): Promise<void>
  /** Starts a broker that was killed or ended on the data it left. Resolves when it answers ApiVersions. */
  restart(brokerId: number): Promise<void>
  /** Kills what still runs and removes the data. */
  stop(): Promise<void>
}

export interface ApacheKafkaOptions {
  readonly version?: ApacheKafkaVersion
  readonly brokers?: 1 | 3
  /** Added to every broker's server.properties. */
  readonly properties?: Readonly<Record<string, string>>
  /** The JVM's own by default, as whoever measures wants it; `quickJvmOptions` where only the answers matter. */
  readonly jvmOptions?: readonly string[]
}

const folder = fileURLToPath(new URL('../interop/apache-kafka', import.meta.url))
const host = '127.0.0.1'
const startTimeoutMs = 150_000
const heap = '-Xmx1g'

/** Starts brokers of Apache Kafka on free ports, each with the controller's role too, one process each. */
export async function startApacheKafka(options: ApacheKafkaOptions = {}): Promise<ApacheKafka> {
  const { version = '4.3.1', brokers = 3, properties = {}, jvmOptions = [] } = options
  const { classPath } = await provideApacheKafkaJars(version)
  const dataDirectory = await mkdtemp(join(tmpdir(), 'apache-kafka-'))
  const firstPort = await findFreePorts(2 * brokers)
  const ids = Array.from({ length: brokers }, (_, index) => index + 1)
  const portOf = (id: number) => firstPort + id - 1
  const fileOf = (id: number) => join(dataDirectory, `${id}.properties`)
  const outputOf = (id: number) => join(dataDirectory, `${id}.out`)
  const template = await readFile(join(folder, 'broker.properties.template'), 'utf8')
  const clusterId = (await storageTool(version, ['random-uuid'])).trim()
  for (const id of ids) {
    const values: Readonly<Record<string, string>> = {
      ID: `${id}`,
      VOTERS: ids.map((voter) => `${voter}@${host}:${portOf(voter) + brokers}`).join(','),
      PORT: `${portOf(id)}`,
      CONTROLLER_PORT: `${portOf(id) + brokers}`,
      DATA: join(dataDirectory, `data-${id}`),
      RF: `${brokers}`,
      MIN_ISR: brokers === 1 ? '1' : '2',
    }
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`)
    const filled = template.replace(/@([A-Z_]+)@/g, (_, name: string) => values[name] ?? '')
    await writeFile(fileOf(id), [filled, ...lines])
  }
  await Promise.all(ids.map((id) => storageTool(version, ['format', '-t', clusterId, '-c', fileOf(id)])))

  const processes = new Map<number, ChildProcess>()
  const start = async (id: number) => {
    const logging = `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`
    const output = openSync(outputOf(id), 'a')
    const broker = spawn('java', [heap, ...jvmOptions, logging, '-cp', classPath, 'kafka.Kafka', fileOf(id)], {
      cwd: dataDirectory,
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    processes.set(id, broker)
    await waitFor(
      `Broker ${id} of Apache Kafka ${version} answers`,
      () => {
        if (broker.exitCode !== null) throw new Error(`Broker ${id} ended: ${readFileSync(outputOf(id), 'utf8')}`)
        return answersApiVersions(portOf(id))
      },
      { timeoutMs: startTimeoutMs, intervalMs: 100 },
    )
  }
  const processOf = (id: number) => {
    const broker = processes.get(id)
    if (broker === undefined) throw new RangeError(`There is no broker ${id}`)
    return broker
  }
  const endWith = async (id: number, signal: 'SIGKILL' | 'SIGTERM') => {
    const broker = processOf(id)
    if (broker.exitCode !== null || broker.signalCode !== null) return
    broker.kill(signal)
    await once(broker, 'exit')
  }
  const kill = (id: number) => endWith(id, 'SIGKILL')
  const stop = async () => {
    await Promise.all([...processes.keys()].map(kill))
    await rm(dataDirectory, { recursive: true, force: true })
  }
  const startedAt = performance.now()
  try {
    await Promise.all(ids.map(start))
  } catch (error) {
    await stop()
    throw error
  }
  const startMs = performance.now() - startedAt
  const addresses = ids.map((id) => `${host}:${portOf(id)}`)
  return {
    version,
    bootstrap: addresses.join(','),
    brokers: addresses,
    dataDirectory,
    startMs,
    pidOf: (id) => processOf(id).pid ?? 0,
    kill,
    end: (id) => endWith(id, 'SIGTERM'),
    restart: start,
    stop,
  }
}

async function storageTool(version: ApacheKafkaVersion, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runKafkaTool('kafka.tools.StorageTool', args, { version })
  if (exitCode !== 0) throw new Error(`StorageTool ${args[0]} ended with ${exitCode}: ${stdout}${stderr}`)
  return stdout
}

async function answersApiVersions(port: number): Promise<boolean> {
  try {
    const connection = await BrokerConnection.connect({ host, port, clientId: 'eyrie-test' })
    try {
      await connection.send(apiVersions, 0, {}, { timeoutMs: 1_000 })
      return true
    } finally {
      connection.close()
    }
  } catch (error) {
    if (error instanceof ConnectionLost) return false
    throw error
  }
}
