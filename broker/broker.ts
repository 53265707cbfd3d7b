import { join } from 'node:path'
import { type BrokerParts, composeBrokerParts } from './broker-parts.ts'
import { openBrokerSecurity } from './broker-security.ts'
import type { BrokerConfig } from './config.ts'
import { defaultLogConfig } from './log/log-config.ts'
import { LogDirectory } from './log/log-directory.ts'
import { TailCache } from './log/tail-cache.ts'
import { type BrokerSettings, resolveStaticBrokerSettings } from './metadata/broker-config.ts'
import type { MetadataCache } from './metadata/cache.ts'
import { MetadataFollower } from './network/metadata-follower.ts'
import type { ReplicaManager } from './replication/replica-manager.ts'
import { ControllerSeat } from './server/controller-seat.ts'
import { Dispatcher } from './server/dispatcher.ts'
import { clientHandlers } from './server/handlers/client-handlers.ts'
import { Listener, type ListenerLimits } from './server/listener.ts'
import { ClientQuotas } from './server/quota/client-quotas.ts'
import { RequestMemory } from './server/request-memory.ts'
import type { World } from './world.ts'

/** Pipelining clients send at most five requests ahead; franz-go a few more. */
const requestsInFlightMax = 64
/** One response may be larger; no second one is made while that much waits for a slow reader. */
const responseBytesMax = 8 * 1024 * 1024
/** How long leaderships may take to move when a broker stops. */
const shutdownTimeoutMs = 5_000

/** What a listener of every address binds to. */
const everyAddress = '0.0.0.0'

interface OpenListener {
  readonly name: string
  readonly listener: Listener
}

/** One broker: its logs, its line to the controller, its replicas and groups, its ports. */
export class Broker {
  readonly #parts: BrokerParts
  readonly #seat: ControllerSeat
  readonly #follower: MetadataFollower
  readonly #listeners: readonly OpenListener[]

  private constructor(
    parts: BrokerParts,
    seat: ControllerSeat,
    follower: MetadataFollower,
    listeners: readonly OpenListener[],
  ) {
    this.#parts = parts
    this.#seat = seat
    this.#follower = follower
    this.#listeners = listeners
  }

  /**
   * Resolves when the broker serves clients. `onFailure` hears that the cluster's metadata can be neither written nor
   * followed: the process should end. Rejects with Node's error when the port cannot be had.
   */
  static async start(config: BrokerConfig, world: World, onFailure: (error: unknown) => void): Promise<Broker> {
    const { clock, fileSystem, network } = world
    const report = (error: unknown) => world.report(error)
    const { nodeId, clusterId, host } = config
    const settings = resolveStaticBrokerSettings(config.properties)
    const dispatcher = new Dispatcher('client')
    const limits = limitsOf(settings)
    const onDisconnect = (connectionId: string) => parts.shares.partitions.connectionClosed(connectionId)
    const security = await openBrokerSecurity(config, settings, world)
    const listeners: OpenListener[] = []
    for (const { name, host, port } of security.listeners) {
      const listener = new Listener({ name: 'client', dispatcher, limits, clock, network, onDisconnect, onBug: report })
      await listener.listen(host === '' ? everyAddress : host, port)
      listeners.push({ name, listener })
    }
    const logs = await LogDirectory.open({
      path: join(config.clusterDirectory, `broker-${nodeId}`),
      clusterId,
      nodeId,
      fileSystem,
      clock,
      tail: new TailCache(),
      defaultConfig: defaultLogConfig,
    })
    for (const failure of logs.failures.values()) report(failure)
    const parts = composeBrokerParts(config, world, settings, logs, security)
    const { metadata } = parts
    logs.onOffline((cause) => {
      report(cause)
      parts.channel.reportOfflineLogDirs([logs.directoryId])
      void parts.replicas.noticeOffline()
    })
    const controller = { host, port: config.controllerPort }
    const seat = new ControllerSeat({
      ...controller,
      nodeId,
      clusterId,
      directory: join(config.clusterDirectory, 'metadata'),
      properties: config.properties,
      metadata,
      fileSystem,
      clock,
      network,
      limits,
      security: security.controllerPort,
      onBug: report,
      onFailure,
    })
    const onLost = () => seat.contendNow()
    const toController = { controller, clock, network: security.controllerNetwork }
    const follower = new MetadataFollower({ nodeId, metadata, ...toController, onLost, onFailure })
    const { hasAuthorizer } = security
    dispatcher.register(clientHandlers({ ...config, ...parts, hasAuthorizer }, dispatcher))
    dispatcher.meter({ quotas: new ClientQuotas(metadata.image.clientQuotas, security.quotaWindows), clock })
    const broker = new Broker(parts, seat, follower, listeners)
    await broker.#join(nodeId)
    return broker
  }

  /** For whoever looks on from outside: what this broker holds, and what it knows of the cluster. */
  get replicas(): ReplicaManager {
    return this.#parts.replicas
  }

  get metadata(): MetadataCache {
    return this.#parts.metadata
  }

  /** Gives leaderships away first, so that clients hardly notice; leaves the logs closed and marked as whole. */
  async stop(): Promise<void> {
    const { channel, groups, shares, transactions, peers, replicas, logs, timers } = this.#parts
    await channel.shutDown(shutdownTimeoutMs)
    groups.close()
    shares.close()
    transactions.close()
    peers.close()
    await Promise.all(this.#listeners.map(({ listener }) => listener.close()))
    await replicas.close()
    await this.#follower.close()
    await channel.close()
    await this.#seat.close()
    await logs.close({ brokerEpoch: channel.brokerEpoch })
    timers.close()
  }

  async #join(nodeId: number): Promise<void> {
    const { metadata, channel, replicas, security } = this.#parts
    this.#seat.start()
    this.#follower.start()
    channel.start()
    // The metadata is known up to the present once it tells of this very start of the broker.
    const isRegistered = () => metadata.image.brokers.get(nodeId)?.incarnationId === channel.incarnationId
    while (!(await metadata.waitUntil(isRegistered, 60_000)));
    await replicas.start()
    const admission = security.admission(metadata, () => replicas.settings)
    for (const { name, listener } of this.#listeners) listener.serve(security.ofListener(name, metadata), admission)
    await channel.becomeReady()
  }
}

function limitsOf(settings: BrokerSettings): ListenerLimits {
  return {
    requestBytesMax: settings.socketRequestMaxBytes,
    connectionsMax: settings.maxConnections,
    idleMsMax: settings.connectionsMaxIdleMs,
    requestsInFlightMax,
    responseBytesMax,
    memory: settings.queuedMaxRequestBytes > 0 ? new RequestMemory(settings.queuedMaxRequestBytes) : undefined,
  }
}
