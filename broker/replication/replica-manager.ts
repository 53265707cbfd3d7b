import type { Scheduler } from '../clock.ts'
import type { LogDirectory } from '../log/log-directory.ts'
import type { EndTransaction } from '../log/producer-states.ts'
import type { Verification } from '../log/transaction-verifications.ts'
import { type BrokerSettings, rackAwareReplicaSelector, resolveBrokerSettings } from '../metadata/broker-config.ts'
import type { BrokerImage } from '../metadata/broker-image.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { brokerConfigLayers } from '../metadata/config-layers.ts'
import type { MetadataDelta } from '../metadata/metadata-delta.ts'
import { type Network, nodeNetwork } from '../network/network.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import type { FetchResult } from './fetch-operation.ts'
import { type AskedFetch, FetchOperations } from './fetch-operations.ts'
import { HostedReplicas } from './hosted-replicas.ts'
import { Housekeeping } from './housekeeping.ts'
import { IsrAlterations, type PartitionAlterer } from './isr-alterations.ts'
import type { IsrProposal } from './leadership.ts'
import type { Partition } from './partition.ts'
import { resolvePartitionConfig } from './partition-config.ts'
import type { PartitionConfig, PartitionHost } from './partition-host.ts'
import { ReplicaFetcher } from './replica-fetcher.ts'
import { ReplicaFetchers } from './replica-fetchers.ts'
import { ReplicationQuota } from './replication-quota.ts'
import { type Admission, TransactionAdmission, type TransactionalProducer } from './transaction-admission.ts'
import type { TransactionVerifier } from './transaction-verifier.ts'

/** A marker in a partition that this broker leads, once the in-sync replicas have it. */
export interface TransactionEnd {
  readonly topic: string
  readonly partition: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly isCommit: boolean
}

type TransactionEndListener = (end: TransactionEnd) => void
type LeadershipListener = (topic: string, partition: number, isLeader: boolean, leaderEpoch: number) => void

/** All replicas of this broker: what requests, coordinators and other brokers ask of them. */
export class ReplicaManager implements PartitionHost {
  readonly nodeId: number
  readonly clock: Scheduler
  readonly timers: TimerWheel
  readonly #network: Network
  readonly #logs: LogDirectory
  readonly #metadata: MetadataCache
  readonly #properties: ReadonlyMap<string, string>
  readonly #onFailure: (error: unknown) => void
  readonly #replicas: HostedReplicas
  readonly #alterations: IsrAlterations
  readonly #fetchers: ReplicaFetchers
  readonly #housekeeping: Housekeeping
  readonly #admission: TransactionAdmission
  readonly #fetches: FetchOperations
  readonly #listeners: LeadershipListener[] = []
  readonly #transactionEndListeners: TransactionEndListener[] = []
  readonly #leaderQuota = new ReplicationQuota()
  readonly #followerQuota = new ReplicationQuota()
  #settings: BrokerSettings
  #state: 'created' | 'started' | 'closed' = 'created'

  constructor(options: {
    nodeId: number
    logs: LogDirectory
    metadata: MetadataCache
    controller: PartitionAlterer
    timers: TimerWheel
    clock: Scheduler
    /** Node's own by default. */
    network?: Network
    /** What the broker was started with, under Kafka's names. */
    properties: ReadonlyMap<string, string>
    /** Told of trouble that no request can be answered with: a disk that fails, a bug. */
    onFailure: (error: unknown) => void
  }) {
    this.nodeId = options.nodeId
    this.clock = options.clock
    this.timers = options.timers
    this.#network = options.network ?? nodeNetwork
    this.#logs = options.logs
    this.#metadata = options.metadata
    this.#properties = options.properties
    this.#onFailure = options.onFailure
    this.#settings = resolveBrokerSettings(this.#brokerLayers())
    this.#alterations = new IsrAlterations({
      nodeId: options.nodeId,
      brokerEpoch: () => this.brokerEpoch,
      controller: options.controller,
      clock: options.clock,
    })
    this.#fetchers = new ReplicaFetchers(options.metadata.image, (leader) => this.#openFetcher(leader))
    this.#replicas = new HostedReplicas({
      logs: options.logs,
      metadata: options.metadata,
      fetchers: this.#fetchers,
      host: this,
      configOf: (topic) => this.#configOf(topic),
      onRole: (partition, isLeader) => this.#announce(partition, isLeader),
      onFailure: options.onFailure,
    })
    this.#housekeeping = new Housekeeping({
      partitions: () => this.partitions(),
      logs: options.logs,
      settings: () => this.settings,
      clock: options.clock,
      onFailure: options.onFailure,
    })
    this.#admission = new TransactionAdmission(
      options.clock,
      () => this.settings.transactionPartitionVerificationEnable,
    )
    this.#fetches = new FetchOperations({
      metadata: options.metadata,
      selectsReplicas: () => this.selectsReplicas,
      leaderQuota: this.#leaderQuota,
      timers: options.timers,
      clock: options.clock,
    })
    options.metadata.onChange((delta) => this.#noticeChange(delta))
  }

  /**
   * Opens what the metadata assigns to this broker and removes what it no longer does. Called when the metadata is known
   * up to the present: acting on its history would elect leaders of the past. Resolves when all roles are taken.
   */
  async start(): Promise<void> {
    this.#state = 'started'
    this.#applySettings()
    for (const topic of this.#metadata.image.topics.keys()) this.#replicas.reconcile(topic)
    await this.settled()
    await this.#replicas.deleteStrays()
    this.#housekeeping.start()
  }

  /** Ends all roles and writes the high watermarks. The logs stay open for their owner to close. */
  async close(): Promise<void> {
    this.#state = 'closed'
    this.#alterations.close()
    await this.#replicas.close()
    await this.#housekeeping.close()
    await this.#fetchers.close()
    for (const partition of this.partitions()) await partition.stop()
    await this.#housekeeping.checkpointHighWatermarks()
  }

  /** Resolves when all metadata that has arrived is carried out. */
  settled(): Promise<void> {
    return this.#replicas.settled()
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.#replicas.get(topic, index)
  }

  /** Throws KafkaError when this broker has no replica of it. */
  requirePartition(topic: string, index: number): Partition {
    const partition = this.partition(topic, index)
    if (partition?.log.isOffline) throw new KafkaError(errorCodes.KAFKA_STORAGE_ERROR)
    if (partition !== undefined) return partition
    const image = this.#metadata.image.topics.get(topic)?.partitions[index]
    if (image === undefined) throw new KafkaError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
    const isUnreadable =
      image.replicas.includes(this.nodeId) && (this.#logs.isOffline || this.#logs.hasFailed(topic, index))
    throw new KafkaError(isUnreadable ? errorCodes.KAFKA_STORAGE_ERROR : errorCodes.NOT_LEADER_OR_FOLLOWER)
  }

  partitionById(topicId: string, index: number): Partition | undefined {
    return this.#replicas.getById(topicId, index)
  }

  partitions(): Iterable<Partition> {
    return this.#replicas.all()
  }

  /** As they apply now: some can be changed while the broker runs. */
  get settings(): BrokerSettings {
    return this.#settings
  }

  /**
   * Called after a partition's leader changed and this broker has taken its role: with true when it leads, with false when
   * it follows or has lost the replica.
   */
  onLeadershipChange(listener: LeadershipListener): void {
    this.#listeners.push(listener)
  }

  /** Without one the coordinators count as not available. */
  askAboutTransactions(verifier: TransactionVerifier): void {
    this.#admission.use(verifier)
  }

  /**
   * Whether a transactional batch with this first sequence (-1: without) may be appended now; a promise while the coordinator
   * is asked, settled in the order of the calls for a partition. Append in the same turn in which it is known.
   */
  admit(producer: TransactionalProducer, partition: Partition, sequence: number): Admission | Promise<Admission> {
    return this.#admission.admit(producer, partition, sequence)
  }

  /** As `admit`, for a coordinator, whose batches have no sequence. Rejects with KafkaError. */
  async admitTransaction(topic: string, index: number, producer: TransactionalProducer): Promise<Admission> {
    return this.admit(producer, this.requirePartition(topic, index), -1)
  }

  /** Called for each marker before its coordinator hears that it is written. */
  onTransactionEnd(listener: TransactionEndListener): void {
    this.#transactionEndListeners.push(listener)
  }

  /** Ends a transaction in a partition. Resolves once the in-sync replicas know. Rejects with KafkaError. */
  async appendMarker(request: {
    topic: string
    partition: number
    end: EndTransaction
    timeoutMs: number
  }): Promise<void> {
    const { topic, end } = request
    const partition = this.requirePartition(topic, request.partition)
    const appended = partition.appendEndTransaction(end)
    await appended.written
    await partition.waitForReplication(appended, request.timeoutMs)
    const { producerId, producerEpoch, isCommit } = end
    for (const listener of this.#transactionEndListeners) {
      listener({ topic, partition: request.partition, producerId, producerEpoch, isCommit })
    }
  }

  /** Appends for a coordinator; with acks -1 it resolves once the in-sync replicas have it. Rejects with KafkaError. */
  async append(request: {
    topic: string
    partition: number
    batches: Buffer
    acks: -1 | 1
    origin: 'coordinator'
    timeoutMs: number
    /** For a transaction's first batch, what `admit` gave. */
    verification?: Verification | undefined
  }): Promise<{ baseOffset: number }> {
    const partition = this.requirePartition(request.topic, request.partition)
    const appended = partition.append(request.batches, request.acks, request.origin, request.verification)
    await appended.written
    if (request.acks === -1) await partition.waitForReplication(appended, request.timeoutMs)
    return { baseOffset: appended.baseOffset }
  }

  /**
   * Whole batches of a log that this broker leads, from the one that contains `offset` to the log's end (not the high
   * watermark); none at the end. Rejects with KafkaError.
   */
  async readLocal(request: { topic: string; partition: number; offset: number; maxBytes: number }): Promise<Buffer[]> {
    const partition = this.requirePartition(request.topic, request.partition)
    const errorCode = partition.checkLeader(-1)
    if (errorCode !== errorCodes.NONE) throw new KafkaError(errorCode)
    const { offset, maxBytes } = request
    const upToOffset = partition.logEndOffset
    if (offset >= upToOffset) return []
    return partition.log.read({ offset, maxBytes, upToOffset, atLeastOneBatch: true })
  }

  /** Reads many partitions; see FetchOperation. */
  fetch(asked: AskedFetch): Promise<readonly FetchResult[]> {
    return this.#fetches.run(asked)
  }

  /** Whether consumers are sent to replicas in their own rack. */
  get selectsReplicas(): boolean {
    return this.#settings.replicaSelectorClass === rackAwareReplicaSelector
  }

  get brokerEpoch(): number {
    return this.#metadata.image.brokers.get(this.nodeId)?.epoch ?? -1
  }

  get lagTimeMaxMs(): number {
    return this.#settings.replicaLagTimeMaxMs
  }

  isEligible(brokerId: number, brokerEpoch: number): boolean {
    const broker = this.#metadata.image.brokers.get(brokerId)
    return broker !== undefined && !broker.isFenced && !broker.isShuttingDown && broker.epoch === brokerEpoch
  }

  isAlive(brokerId: number): boolean {
    return this.#metadata.image.isUnfenced(brokerId)
  }

  proposeIsr(partition: Partition, proposal: IsrProposal): void {
    this.#alterations.submit(partition, proposal)
  }

  /** Ends all roles: the disk that the logs are on failed. The controller gives them to other brokers. */
  async noticeOffline(): Promise<void> {
    for (const partition of this.partitions()) await this.#replicas.giveUp(partition)
  }

  noticeStorageFailure(error: unknown): void {
    this.#onFailure(error)
  }

  #noticeChange(delta: MetadataDelta): void {
    if (this.#state !== 'started') return
    if (delta.configs.size > 0) {
      this.#applySettings()
      this.#replicas.configure()
    }
    for (const id of delta.brokers) this.#fetchers.noticeBroker(id)
    for (const topic of delta.deletedTopics.values()) this.#replicas.reconcile(topic)
    for (const topic of delta.topics) this.#replicas.reconcile(topic)
    if (delta.brokers.size > 0) for (const partition of this.partitions()) partition.asLeader?.noticeLivenessChange()
  }

  #applySettings(): void {
    this.#settings = resolveBrokerSettings(this.#brokerLayers())
    this.#leaderQuota.bytesPerSecond = this.#settings.leaderReplicationThrottledRate
    this.#followerQuota.bytesPerSecond = this.#settings.followerReplicationThrottledRate
  }

  #announce(partition: Partition, isLeader: boolean): void {
    for (const listener of this.#listeners) listener(partition.topic, partition.index, isLeader, partition.leaderEpoch)
  }

  #openFetcher(leader: BrokerImage): ReplicaFetcher {
    const { settings } = this
    return new ReplicaFetcher({
      nodeId: this.nodeId,
      leader: { host: leader.host, port: leader.port },
      brokerEpoch: () => this.brokerEpoch,
      settings: {
        waitMsMax: settings.replicaFetchWaitMaxMs,
        bytesMin: settings.replicaFetchMinBytes,
        bytesMax: settings.replicaFetchResponseMaxBytes,
        partitionBytesMax: settings.replicaFetchMaxBytes,
        backoffMsMax: settings.replicaFetchBackoffMs,
      },
      quota: this.#followerQuota,
      clock: this.clock,
      network: this.#network,
      timers: this.timers,
      onFailure: this.#onFailure,
    })
  }

  #configOf(topic: string): PartitionConfig {
    const overrides = this.#metadata.image.topicConfigs(topic)
    return resolvePartitionConfig(overrides, this.#brokerLayers(), this.#settings, this.nodeId)
  }

  #brokerLayers() {
    const dynamic = { image: this.#metadata.image, brokerId: this.nodeId }
    return brokerConfigLayers({ properties: this.#properties, dynamic })
  }
}
