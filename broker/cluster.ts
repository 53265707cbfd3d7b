import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { BrokerProcess, type BrokerState } from './broker-process.ts'
import { parseProperties } from './config.ts'
import { validateBrokerConfigs } from './metadata/broker-config.ts'
import { type ListenerConfig, parseListeners, shiftPorts } from './security/listener-config.ts'
import { clusterSecretFile, isSecuredCluster } from './security/secured-cluster.ts'

export interface ClusterOptions {
  /** How many; their ids are 1, 2, … */
  readonly brokers: number
  /** Those of them that run here: the others are run by somebody else, in the same folder. All of them by default. */
  readonly only?: readonly number[]
  /** The first broker's; the others follow. The controller's is the one below. */
  readonly port: number
  readonly dataDirectory: string
  readonly host?: string
  /** `broker.rack` of the brokers, in turn. */
  readonly racks?: readonly string[]
  /** Kafka's server.properties names, for all brokers. */
  readonly properties?: ReadonlyMap<string, string>
}

export interface BrokerStatus {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly pid: number | undefined
  readonly state: BrokerState
}

/** Why a cluster cannot be started, in a sentence for whoever started it. */
export class ClusterStartError extends Error {
  override readonly name = 'ClusterStartError'
}

const startTimeoutMs = 60_000

/** Resolves when every broker serves. Rejects with ClusterStartError. */
export async function startCluster(options: ClusterOptions): Promise<KafkaCluster> {
  const cluster = new KafkaCluster(options)
  await cluster.start()
  return cluster
}

/** The brokers of one cluster on this machine, each a process. Emits `change` when a broker's state or process changes. */
export class KafkaCluster extends EventEmitter<{ change: [] }> {
  readonly #processes: readonly BrokerProcess[]
  /** Else another program may hold the controller's port, as it should. */
  readonly #isWhole: boolean
  /** Of each process. */
  readonly #listeners: readonly (readonly ListenerConfig[])[]

  constructor(options: ClusterOptions) {
    super()
    const { brokers, only, port, dataDirectory, host = '127.0.0.1', racks = [], properties = new Map() } = options
    const clusterDirectory = resolve(dataDirectory)
    const clusterId = claimClusterId(clusterDirectory)
    requireValid(properties)
    if (withReason(() => isSecuredCluster(listenerProperties(properties, { host, port }, 0)))) {
      claimClusterSecret(clusterDirectory)
    }
    const ids = Array.from({ length: brokers }, (_, index) => index + 1).filter((id) => only?.includes(id) ?? true)
    this.#isWhole = ids.length === brokers
    this.#processes = ids.map((nodeId) => {
      const index = nodeId - 1
      const rack = racks[index % racks.length]
      const own = brokerProperties({ nodeId, brokers, rack, clusterDirectory })
      const listening = listenerProperties(properties, { host, port }, index)
      const all = new Map([...own, ...properties, ...listening])
      const config = { nodeId, clusterId, host, port: port + index, controllerPort: port - 1, clusterDirectory }
      return new BrokerProcess({ ...config, properties: all })
    })
    this.#listeners = this.#processes.map(({ config }) => parseListeners(config.properties))
    requireDistinctPorts(port - 1, this.#listeners.flat())
    for (const process of this.#processes) process.on('change', () => this.emit('change'))
  }

  /** For clients' `bootstrap.servers`. */
  get bootstrap(): string {
    return this.#listeners.map(([first]) => `${first?.advertised.host}:${first?.advertised.port}`).join(',')
  }

  get brokers(): BrokerStatus[] {
    return this.#processes.map(({ config, pid, state }) => {
      return { id: config.nodeId, host: config.host, port: config.port, pid, state }
    })
  }

  async start(): Promise<void> {
    await this.#requireFreePorts()
    try {
      await Promise.all(this.#processes.map(startProcess))
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Resolves when the broker serves again. Rejects with ClusterStartError. */
  startBroker(id: number): Promise<void> {
    return startProcess(this.#requireProcess(id))
  }

  /** Stops a broker in good order; it stays stopped. */
  stopBroker(id: number): Promise<void> {
    return this.#requireProcess(id).stop()
  }

  /** One after the other: each hands its leaderships to those that are left. */
  async stop(): Promise<void> {
    for (const process of this.#processes.toReversed()) await process.stop()
  }

  async #requireFreePorts(): Promise<void> {
    const [first] = this.#isWhole ? this.#processes : []
    if (first !== undefined) await requireFreePort(first.config.host, first.config.controllerPort)
    for (const { host, port } of this.#listeners.flat()) await requireFreePort(host === '' ? '0.0.0.0' : host, port)
  }

  #requireProcess(id: number): BrokerProcess {
    const process = this.#processes.find(({ config }) => config.nodeId === id)
    if (process === undefined) throw new RangeError(`No broker ${id} in this cluster`)
    return process
  }
}

/** The brokers themselves would wait for a controller port that another program holds. */
function requireFreePort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (cause) => {
      reject(new ClusterStartError(`Port ${port} of ${host} cannot be listened on: ${cause.message}`, { cause }))
    })
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()))
  })
}

function startProcess(broker: BrokerProcess): Promise<void> {
  const { nodeId } = broker.config
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timeout)
      broker.off('change', onChange)
      broker.off('failed', onFailed)
      settle()
    }
    const onChange = () => {
      if (broker.state === 'running') finish(resolve)
    }
    const onFailed = (reason: string) => {
      void broker.stop()
      finish(() => reject(new ClusterStartError(`Broker ${nodeId} did not start: ${reason}`)))
    }
    const timeout = setTimeout(() => {
      finish(() => reject(new ClusterStartError(`Broker ${nodeId} did not start within ${startTimeoutMs / 1000} s.`)))
    }, startTimeoutMs)
    broker.on('change', onChange)
    broker.on('failed', onFailed)
    broker.start()
    onChange()
  })
}

/** What brokers of a small cluster on one machine have unless they are told otherwise. */
function brokerProperties(broker: {
  nodeId: number
  brokers: number
  rack: string | undefined
  clusterDirectory: string
}): [string, string][] {
  const replicas = String(Math.min(3, broker.brokers))
  return [
    ['node.id', String(broker.nodeId)],
    ...(broker.rack === undefined ? [] : [['broker.rack', broker.rack] satisfies [string, string]]),
    ['log.dirs', join(broker.clusterDirectory, `broker-${broker.nodeId}`)],
    ['default.replication.factor', replicas],
    ['min.insync.replicas', broker.brokers >= 3 ? '2' : '1'],
    ['offsets.topic.replication.factor', replicas],
    // A coordinator reads its whole partition before it serves, and the last segment is never compacted: 100 MB of it is what
    // a group commits in a day.
    ['offsets.topic.segment.bytes', String(8 * 1024 * 1024)],
    ['transaction.state.log.segment.bytes', String(8 * 1024 * 1024)],
    ['transaction.state.log.replication.factor', replicas],
    ['transaction.state.log.min.isr', broker.brokers >= 3 ? '2' : '1'],
    ['share.coordinator.state.topic.replication.factor', replicas],
    ['share.coordinator.state.topic.min.isr', broker.brokers >= 3 ? '2' : '1'],
    ['group.initial.rebalance.delay.ms', '0'],
    // On one machine a follower is a few milliseconds behind; 30 s would hide one that hangs.
    ['replica.lag.time.max.ms', '10000'],
    // After a start all leaderships are with the broker that was first; five minutes of that look like a fault.
    ['leader.imbalance.check.interval.seconds', '30'],
  ]
}

/** The ports that properties name are the first broker's; each further broker's are higher by one. */
function listenerProperties(
  properties: ReadonlyMap<string, string>,
  { host, port }: { host: string; port: number },
  index: number,
): Map<string, string> {
  const own = `PLAINTEXT://${host}:${port}`
  return withReason(() => {
    const shifted = new Map(properties)
    shifted.set('listeners', shiftPorts('listeners', properties.get('listeners') ?? own, index))
    const advertised = properties.get('advertised.listeners') ?? (properties.has('listeners') ? undefined : own)
    if (advertised !== undefined) {
      shifted.set('advertised.listeners', shiftPorts('advertised.listeners', advertised, index))
    }
    return shifted
  })
}

function requireDistinctPorts(controllerPort: number, listeners: readonly ListenerConfig[]): void {
  const ports = [controllerPort, ...listeners.map(({ port }) => port)]
  const shared = ports.find((port, index) => ports.indexOf(port) !== index)
  if (shared === undefined) return
  throw new ClusterStartError(
    `Port ${shared} would be needed twice: each broker's ports are one higher than those of the broker before it, and ` +
      `the controller's is ${controllerPort}. Leave as many between the listeners as there are brokers.`,
  )
}

/** What brokers of a secured cluster know each other by; only this user may read it. */
function claimClusterSecret(directory: string): void {
  const path = join(directory, clusterSecretFile)
  try {
    if (!existsSync(path)) writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  } catch (cause) {
    throw new ClusterStartError(`The secret of the cluster cannot be kept in ${directory}: ${reasonOf(cause)}`, {
      cause,
    })
  }
}

function claimClusterId(directory: string): string {
  const path = join(directory, 'cluster-id')
  try {
    mkdirSync(directory, { recursive: true })
    if (!existsSync(path)) writeFileSync(path, randomBytes(16).toString('base64url'))
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new ClusterStartError(`The data folder ${directory} cannot be used: ${reasonOf(cause)}`, { cause })
  }
}

function requireValid(properties: ReadonlyMap<string, string>): void {
  withReason(() => validateBrokerConfigs(properties))
}

/** What is wrong with the properties, for whoever wrote them. */
function withReason<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    throw new ClusterStartError(reasonOf(cause), { cause })
  }
}

/** Reads a server.properties file. Throws ClusterStartError. */
export function readProperties(file: string): Map<string, string> {
  try {
    return parseProperties(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new ClusterStartError(`The configuration ${file} cannot be read: ${reasonOf(cause)}`, { cause })
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
