import { join } from 'node:path'
import { type BrokerSecurity, openBrokerSecurity } from './broker-security.ts'
import type { BrokerConfig } from './config.ts'
import { GroupCoordinator } from './group/coordinator.ts'
import { defaultLogConfig } from './log/log-config.ts'
import { LogDirectory } from './log/log-directory.ts'
import { TailCache } from './log/tail-cache.ts'
import { type BrokerSettings, resolveStaticBrokerSettings } from './metadata/broker-config.ts'
import { MetadataCache } from './metadata/cache.ts'
import { ControllerChannel } from './network/controller-channel.ts'
import { MetadataFollower } from './network/metadata-follower.ts'
import { PeerConnections } from './network/peer-connections.ts'
import { ProducerIdSource } from './network/producer-id-source.ts'
import { TopicCreator } from './network/topic-creator.ts'
import { ReplicaManager } from './replication/replica-manager.ts'
import { ControllerSeat } from './server/controller-seat.ts'
import { Dispatcher } from './server/dispatcher.ts'
import { FetchSessions } from './server/fetch-sessions.ts'
import type { Handler } from './server/handler.ts'
import { produceHandler } from './server/handlers/00-produce.ts'
import { fetchHandler } from './server/handlers/01-fetch.ts'
import { listOffsetsHandler } from './server/handlers/02-list-offsets.ts'
import { metadataHandler } from './server/handlers/03-metadata.ts'
import { offsetCommitHandler } from './server/handlers/08-offset-commit.ts'
import { offsetFetchHandler } from './server/handlers/09-offset-fetch.ts'
import { findCoordinatorHandler } from './server/handlers/10-find-coordinator.ts'
import { joinGroupHandler } from './server/handlers/11-join-group.ts'
import { heartbeatHandler } from './server/handlers/12-heartbeat.ts'
import { leaveGroupHandler } from './server/handlers/13-leave-group.ts'
import { syncGroupHandler } from './server/handlers/14-sync-group.ts'
import { describeGroupsHandler } from './server/handlers/15-describe-groups.ts'
import { listGroupsHandler } from './server/handlers/16-list-groups.ts'
import { saslHandshakeHandler } from './server/handlers/17-sasl-handshake.ts'
import { apiVersionsHandler } from './server/handlers/18-api-versions.ts'
import { deleteRecordsHandler } from './server/handlers/21-delete-records.ts'
import { initProducerIdHandler } from './server/handlers/22-init-producer-id.ts'
import { offsetForLeaderEpochHandler } from './server/handlers/23-offset-for-leader-epoch.ts'
import { addPartitionsToTxnHandler } from './server/handlers/24-add-partitions-to-txn.ts'
import { addOffsetsToTxnHandler } from './server/handlers/25-add-offsets-to-txn.ts'
import { endTxnHandler } from './server/handlers/26-end-txn.ts'
import { writeTxnMarkersHandler } from './server/handlers/27-write-txn-markers.ts'
import { txnOffsetCommitHandler } from './server/handlers/28-txn-offset-commit.ts'
import { describeAclsHandler } from './server/handlers/29-describe-acls.ts'
import { describeConfigsHandler } from './server/handlers/32-describe-configs.ts'
import { alterReplicaLogDirsHandler } from './server/handlers/34-alter-replica-log-dirs.ts'
import { describeLogDirsHandler } from './server/handlers/35-describe-log-dirs.ts'
import { saslAuthenticateHandler } from './server/handlers/36-sasl-authenticate.ts'
import { deleteGroupsHandler } from './server/handlers/42-delete-groups.ts'
import { offsetDeleteHandler } from './server/handlers/47-offset-delete.ts'
import { describeClientQuotasHandler } from './server/handlers/48-describe-client-quotas.ts'
import { describeUserScramCredentialsHandler } from './server/handlers/50-describe-user-scram-credentials.ts'
import { describeClusterHandler } from './server/handlers/60-describe-cluster.ts'
import { describeProducersHandler } from './server/handlers/61-describe-producers.ts'
import { describeTransactionsHandler } from './server/handlers/65-describe-transactions.ts'
import { listTransactionsHandler } from './server/handlers/66-list-transactions.ts'
import { consumerGroupHeartbeatHandler } from './server/handlers/68-consumer-group-heartbeat.ts'
import { consumerGroupDescribeHandler } from './server/handlers/69-consumer-group-describe.ts'
import { listConfigResourcesHandler } from './server/handlers/74-list-config-resources.ts'
import { describeTopicPartitionsHandler } from './server/handlers/75-describe-topic-partitions.ts'
import { shareGroupHeartbeatHandler } from './server/handlers/76-share-group-heartbeat.ts'
import { shareGroupDescribeHandler } from './server/handlers/77-share-group-describe.ts'
import { shareFetchHandler } from './server/handlers/78-share-fetch.ts'
import { shareAcknowledgeHandler } from './server/handlers/79-share-acknowledge.ts'
import { initializeShareGroupStateHandler } from './server/handlers/83-initialize-share-group-state.ts'
import { readShareGroupStateHandler } from './server/handlers/84-read-share-group-state.ts'
import { writeShareGroupStateHandler } from './server/handlers/85-write-share-group-state.ts'
import { deleteShareGroupStateHandler } from './server/handlers/86-delete-share-group-state.ts'
import { readShareGroupStateSummaryHandler } from './server/handlers/87-read-share-group-state-summary.ts'
import { describeShareGroupOffsetsHandler } from './server/handlers/90-describe-share-group-offsets.ts'
import { alterShareGroupOffsetsHandler } from './server/handlers/91-alter-share-group-offsets.ts'
import { deleteShareGroupOffsetsHandler } from './server/handlers/92-delete-share-group-offsets.ts'
import { forwardingHandlers } from './server/handlers/forwarding-handlers.ts'
import { Listener, type ListenerLimits } from './server/listener.ts'
import { ClientQuotas } from './server/quota/client-quotas.ts'
import { RequestMemory } from './server/request-memory.ts'
import { openShareRooms, type ShareRooms } from './share/share-rooms.ts'
import { TimerWheel } from './timer-wheel.ts'
import { TransactionCoordinator } from './transaction/coordinator.ts'
import { PartitionVerifier } from './transaction/partition-verifier.ts'
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

interface Parts {
  readonly logs: LogDirectory
  readonly metadata: MetadataCache
  readonly channel: ControllerChannel
  readonly replicas: ReplicaManager
  readonly groups: GroupCoordinator
  readonly shares: ShareRooms
  readonly creator: TopicCreator
  readonly transactions: TransactionCoordinator
  readonly peers: PeerConnections
  readonly timers: TimerWheel
  readonly security: BrokerSecurity
}

/** One broker: its logs, its line to the controller, its replicas and groups, its ports. */
export class Broker {
  readonly #parts: Parts
  readonly #seat: ControllerSeat
  readonly #follower: MetadataFollower
  readonly #listeners: readonly OpenListener[]

  private constructor(
    parts: Parts,
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
    const parts = composeParts(config, world, settings, logs, security)
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
    dispatcher.register(clientHandlers(config, parts, dispatcher))
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

function composeParts(
  config: BrokerConfig,
  world: World,
  settings: BrokerSettings,
  logs: LogDirectory,
  security: BrokerSecurity,
): Parts {
  const { nodeId, clusterId, host, properties } = config
  const { clock } = world
  const network = security.peerNetwork
  const onFailure = (error: unknown) => world.report(error)
  const metadata = new MetadataCache(clusterId, clock)
  const timers = new TimerWheel(clock)
  const channel = new ControllerChannel({
    nodeId,
    clusterId,
    controller: { host, port: config.controllerPort },
    endPoints: security.endPoints,
    rack: settings.brokerRack,
    logDirectoryId: logs.directoryId,
    previousBrokerEpoch: logs.previousBrokerEpoch,
    metadata,
    settings,
    clock,
    network: security.controllerNetwork,
  })
  const replicas = new ReplicaManager({
    nodeId,
    logs,
    metadata,
    controller: channel,
    timers,
    clock,
    network,
    properties,
    onFailure,
  })
  const creator = new TopicCreator({ channel, image: metadata.image, settings, onFailure })
  const shares = openShareRooms({ nodeId, replicas, metadata, settings, creator, timers, clock, network, onFailure })
  const sessionTimeoutMs = (groupId: string) => shares.groups.of(groupId).shareSessionTimeoutMs
  const share = { keeper: shares.states, sessionTimeoutMs }
  const groups = new GroupCoordinator({ replicas, metadata, settings, creator, share, timers, clock, onFailure })
  const producerIds = new ProducerIdSource(() => channel.allocateProducerIds())
  const peers = new PeerConnections({ metadata, clientId: `broker-${nodeId}-transactions`, clock, network })
  const transactions = new TransactionCoordinator({
    replicas,
    metadata,
    settings,
    creator,
    peers,
    producerIds,
    timers,
    clock,
    onFailure,
  })
  replicas.askAboutTransactions(new PartitionVerifier({ nodeId, coordinator: transactions, peers, onFailure }))
  return { logs, metadata, channel, replicas, groups, shares, creator, transactions, peers, timers, security }
}

function fetchSessionsOf({ settings, clock }: ReplicaManager): FetchSessions {
  return new FetchSessions({ slots: settings.maxIncrementalFetchSessionCacheSlots, clock })
}

/** Every api of the client port; what ApiVersions tells is taken from it. */
function clientHandlers(config: BrokerConfig, parts: Parts, dispatcher: Dispatcher): Handler[] {
  const { logs, metadata, channel, replicas, groups, shares, creator, transactions, security } = parts
  return [
    produceHandler(replicas, metadata),
    fetchHandler(replicas, metadata, fetchSessionsOf(replicas)),
    listOffsetsHandler(replicas),
    metadataHandler(metadata, creator, () => replicas.settings.autoCreateTopicsEnable),
    offsetCommitHandler(groups),
    offsetFetchHandler(groups),
    findCoordinatorHandler(groups, transactions, shares.coordinator),
    joinGroupHandler(groups),
    heartbeatHandler(groups),
    leaveGroupHandler(groups),
    syncGroupHandler(groups),
    describeGroupsHandler(groups),
    listGroupsHandler(groups),
    apiVersionsHandler(dispatcher, metadata),
    deleteRecordsHandler(replicas),
    initProducerIdHandler(transactions),
    offsetForLeaderEpochHandler(replicas),
    addPartitionsToTxnHandler(transactions),
    addOffsetsToTxnHandler(transactions, groups),
    endTxnHandler(transactions),
    writeTxnMarkersHandler(replicas),
    txnOffsetCommitHandler(groups),
    describeConfigsHandler({ nodeId: config.nodeId, properties: config.properties, metadata }),
    alterReplicaLogDirsHandler(replicas, logs),
    describeLogDirsHandler(replicas, logs),
    deleteGroupsHandler(groups),
    offsetDeleteHandler(groups),
    describeClusterHandler(metadata),
    describeProducersHandler(replicas),
    describeTransactionsHandler(transactions),
    listTransactionsHandler(transactions),
    consumerGroupHeartbeatHandler(groups),
    consumerGroupDescribeHandler(groups),
    listConfigResourcesHandler(metadata),
    describeTopicPartitionsHandler(metadata),
    shareGroupHeartbeatHandler(groups, shares.groups),
    shareGroupDescribeHandler(groups),
    shareFetchHandler(shares.partitions, metadata),
    shareAcknowledgeHandler(shares.partitions, metadata),
    initializeShareGroupStateHandler(shares.coordinator),
    readShareGroupStateHandler(shares.coordinator),
    writeShareGroupStateHandler(shares.coordinator),
    deleteShareGroupStateHandler(shares.coordinator),
    readShareGroupStateSummaryHandler(shares.coordinator),
    saslHandshakeHandler(),
    saslAuthenticateHandler(),
    describeAclsHandler(metadata, security.hasAuthorizer),
    describeClientQuotasHandler(metadata),
    describeUserScramCredentialsHandler(metadata),
    describeShareGroupOffsetsHandler(groups, shares),
    alterShareGroupOffsetsHandler(groups),
    deleteShareGroupOffsetsHandler(groups),
    ...forwardingHandlers(channel),
  ]
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
