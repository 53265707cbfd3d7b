import type { Clock } from '../clock.ts'
import { CoordinatorShards } from '../coordinator/coordinator-shards.ts'
import { CoordinatorTopic, type CoordinatorTopicCreator } from '../coordinator/coordinator-topic.ts'
import type { ReplicatedLogs } from '../coordinator/replicated-logs.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { BrokerImage } from '../metadata/broker-image.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { transactionStateTopicName } from '../metadata/topic-name.ts'
import type { PeerConnections } from '../network/peer-connections.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { TimerHandle, TimerWheel } from '../timer-wheel.ts'
import type { AddPartitions } from './add-partitions.ts'
import { refusal, type TransactionAnswer } from './decision.ts'
import type { EndTransaction } from './end-transaction.ts'
import { MarkerSender } from './marker-sender.ts'
import type { Transaction } from './transaction.ts'
import { TransactionPartition } from './transaction-partition.ts'
import { type ProducerIdentity, type TransactionVersion, transactionVersionOf } from './transaction-state.ts'

/** Below the 30 s after which clients give a request up. */
const appendTimeoutMs = 10_000

export interface TransactionCoordinatorOptions {
  readonly replicas: ReplicatedLogs
  readonly metadata: MetadataCache
  readonly settings: BrokerSettings
  readonly creator: CoordinatorTopicCreator
  readonly peers: PeerConnections
  readonly producerIds: { take(): Promise<number> }
  readonly timers: TimerWheel
  readonly clock: Clock
  /** Told of trouble that no request can be answered with. */
  readonly onFailure: (error: unknown) => void
}

/** Coordinates the transactional ids of those partitions of `__transaction_state` that this broker leads. */
export class TransactionCoordinator {
  readonly metadata: MetadataCache
  readonly #settings: BrokerSettings
  readonly #producerIds: { take(): Promise<number> }
  readonly #timers: TimerWheel
  readonly #clock: Clock
  readonly #topic: CoordinatorTopic
  readonly #shards: CoordinatorShards<TransactionPartition>
  readonly #markers: MarkerSender
  readonly #chores = new Map<() => void, TimerHandle>()

  constructor(options: TransactionCoordinatorOptions) {
    const { replicas, metadata, settings, creator, peers, producerIds, timers, clock, onFailure } = options
    this.metadata = metadata
    this.#settings = settings
    this.#producerIds = producerIds
    this.#timers = timers
    this.#clock = clock
    this.#topic = new CoordinatorTopic({
      name: transactionStateTopicName,
      partitions: settings.transactionStateLogNumPartitions,
      metadata,
      creator,
    })
    this.#markers = new MarkerSender({ metadata, peers, timers, onFailure })
    const version = () => this.version
    this.#shards = new CoordinatorShards({
      topic: this.#topic,
      replicas,
      open: (log) => new TransactionPartition({ log, markers: this.#markers, producerIds, version, timers, clock }),
      appendTimeoutMs,
      clock,
      onFailure,
    })
    this.#repeat(settings.transactionAbortTimedOutTransactionCleanupIntervalMs, () => {
      for (const partition of this.#shards.active()) partition.abortTimedOut()
    })
    this.#repeat(settings.transactionRemoveExpiredTransactionCleanupIntervalMs, () => {
      for (const partition of this.#shards.active()) partition.removeExpired(settings.transactionalIdExpirationMs)
    })
  }

  close(): void {
    for (const timer of this.#chores.values()) timer.cancel()
    this.#markers.close()
    this.#shards.close()
  }

  /** What the cluster has finalized. */
  get version(): TransactionVersion {
    return transactionVersionOf(this.metadata.image.features.get('transaction.version') ?? 0)
  }

  nowMs(): number {
    return this.#clock.nowMs()
  }

  findCoordinator(transactionalId: string): BrokerImage | undefined {
    return this.#topic.findCoordinator(transactionalId)
  }

  /** A producer id for whoever wants no transactions. Rejects with a KafkaError. */
  allocateProducerId(): Promise<number> {
    return this.#producerIds.take()
  }

  async initProducerId(
    transactionalId: string,
    timeoutMs: number,
    expected: ProducerIdentity | undefined,
  ): Promise<TransactionAnswer> {
    if (timeoutMs <= 0 || timeoutMs > this.#settings.transactionMaxTimeoutMs) {
      return refusal(errorCodes.INVALID_TRANSACTION_TIMEOUT)
    }
    return this.#withShard(transactionalId, (shard) => shard.initProducerId(transactionalId, { timeoutMs, expected }))
  }

  /** A producer's own request, which `isPatient`, waits a little for the end of its transaction before. */
  async addPartitions(
    transactionalId: string,
    request: Omit<AddPartitions, 'nowMs'>,
    { isPatient }: { isPatient: boolean },
  ): Promise<ErrorCode> {
    const answer = await this.#withShard(transactionalId, (shard) => {
      return shard.addPartitions(transactionalId, request, isPatient)
    })
    return answer.errorCode
  }

  /** Whether the producer's open transaction has the partition. */
  verifyPartition(transactionalId: string, producer: ProducerIdentity, topic: string, partition: number): ErrorCode {
    const transaction = this.find(transactionalId)
    if (typeof transaction === 'number') return transaction
    return transaction?.verifyPartition(producer, topic, partition) ?? errorCodes.INVALID_PRODUCER_ID_MAPPING
  }

  endTransaction(
    transactionalId: string,
    request: Omit<EndTransaction, 'nowMs' | 'newProducerId'>,
  ): Promise<TransactionAnswer> {
    return this.#withShard(transactionalId, (shard) => shard.endTransaction(transactionalId, request))
  }

  /** The transaction, nothing, or the error that sends the client elsewhere or has it wait. */
  find(transactionalId: string): Transaction | ErrorCode | undefined {
    if (transactionalId === '') return errorCodes.INVALID_REQUEST
    const shard = this.#shards.route(transactionalId)
    return typeof shard === 'number' ? shard : shard.find(transactionalId)
  }

  /** All that are coordinated here, or the error that has the client wait: a list with holes would pass for a whole one. */
  list(): Transaction[] | ErrorCode {
    const transactions: Transaction[] = []
    for (const shard of this.#shards.all) {
      if (shard.unavailability !== undefined) return shard.unavailability
      transactions.push(...shard.transactions)
    }
    return transactions
  }

  async #withShard(
    transactionalId: string,
    carryOut: (shard: TransactionPartition) => Promise<TransactionAnswer>,
  ): Promise<TransactionAnswer> {
    if (transactionalId === '') return refusal(errorCodes.INVALID_REQUEST)
    const shard = this.#shards.route(transactionalId)
    return typeof shard === 'number' ? refusal(shard) : carryOut(shard)
  }

  #repeat(intervalMs: number, chore: () => void): void {
    const timer = this.#timers.schedule(intervalMs, () => {
      chore()
      this.#repeat(intervalMs, chore)
    })
    this.#chores.set(chore, timer)
  }
}
