import type { Clock } from '../clock.ts'
import type { Verification } from '../log/transaction-verifications.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import { buildBatch, type NewBatch, type NewRecord } from '../record/build-batch.ts'
import type { RecordBatch } from '../record/record-batch.ts'
import type { CoordinatorTopic } from './coordinator-topic.ts'
import { loadLog } from './load-log.ts'
import type { ReplicatedLogs, TransactionAdmission, TransactionalProducer } from './replicated-logs.ts'

const loadBytesMax = 5 * 1024 * 1024

/** What a coordinator knows of one partition of its topic: first everything is replayed, then it is active until closed. */
export interface Shard {
  /** Why requests are refused: still loading, or led by another broker; `undefined` while active. */
  readonly unavailability: ErrorCode | undefined
  replay(batch: RecordBatch): void
  /** May still write before it resolves; requests are served from its call on. */
  activate(): void | Promise<void>
  /** Another broker leads from here on: whoever waits is sent to look for it. */
  close(): void
}

/** What a shard is opened with. */
export interface ShardLog {
  readonly partition: number
  /** The term of the partition's leader, which is this broker; it grows when this broker is elected again. */
  readonly leaderEpoch: () => number
  /**
   * Resolves with the offset of the first record when the in-sync replicas have the records, which are written as one
   * batch. Rejects with KafkaError.
   */
  readonly append: (records: readonly NewRecord[]) => Promise<number>
  /** Whether a producer's transaction may append here. Rejects with KafkaError. */
  readonly admit: (producer: TransactionalProducer) => Promise<TransactionAdmission>
  /** As `append`, as part of the transaction that was admitted. */
  readonly appendInTransaction: (
    records: readonly NewRecord[],
    producer: TransactionalProducer,
    verification: Verification | undefined,
  ) => Promise<number>
  /**
   * Closes the shard and opens another from the log: for a coordinator that changes its state before its records are
   * written, and then hears that the log has not taken them.
   */
  readonly reload: () => void
}

export interface CoordinatorShardsOptions<S extends Shard> {
  topic: CoordinatorTopic
  replicas: ReplicatedLogs
  open: (log: ShardLog) => S
  appendTimeoutMs: number
  clock: Clock
  /** Told of trouble that no request can be answered with: a partition that cannot be read. */
  onFailure: (error: unknown) => void
}

/**
 * The shards of those partitions of an internal topic that this broker leads. One is loaded when the broker becomes its
 * leader and dropped when another does; all it knows is in the log.
 */
export class CoordinatorShards<S extends Shard> {
  readonly #options: CoordinatorShardsOptions<S>
  readonly #shards = new Map<number, S>()
  readonly #leaderEpochs = new Map<number, number>()

  constructor(options: CoordinatorShardsOptions<S>) {
    this.#options = options
    options.replicas.onLeadershipChange((topic, partition, isLeader, leaderEpoch) => {
      if (topic === options.topic.name) this.#leadershipChanged(partition, isLeader, leaderEpoch)
    })
  }

  close(): void {
    for (const shard of this.#shards.values()) shard.close()
    this.#shards.clear()
  }

  /** The shard that holds the key, or the error that sends the client elsewhere or has it wait. */
  route(key: string): S | ErrorCode {
    const shard = this.#shards.get(this.#options.topic.partitionOf(key))
    return shard === undefined ? errorCodes.NOT_COORDINATOR : (shard.unavailability ?? shard)
  }

  /** The shard of a partition, if it is led here. */
  find(partition: number): S | undefined {
    return this.#shards.get(partition)
  }

  /** Every partition led here. */
  get all(): Iterable<S> {
    return this.#shards.values()
  }

  *active(): Iterable<S> {
    for (const shard of this.#shards.values()) if (shard.unavailability === undefined) yield shard
  }

  #leadershipChanged(partition: number, isLeader: boolean, leaderEpoch: number): void {
    const shard = this.#shards.get(partition)
    this.#leaderEpochs.set(partition, leaderEpoch)
    if (!isLeader) {
      this.#shards.delete(partition)
      shard?.close()
    } else if (shard === undefined) {
      // Elected again, in a later epoch: what is loaded is still what the log says.
      void this.#load(partition)
    }
  }

  #reload(partition: number, shard: S): void {
    // A shard that was dropped is not this partition's any more.
    if (this.#shards.get(partition) !== shard) return
    this.#shards.delete(partition)
    shard.close()
    void this.#load(partition)
  }

  async #load(partition: number): Promise<void> {
    const { topic, replicas, open, onFailure } = this.#options
    const shard: S = open({
      partition,
      leaderEpoch: () => this.#leaderEpochs.get(partition) ?? -1,
      append: (records) => this.#append(partition, { records }),
      admit: (producer) => replicas.admitTransaction(topic.name, partition, producer),
      appendInTransaction: (records, { producerId, producerEpoch }, verification) => {
        return this.#append(partition, { records, producerId, producerEpoch, isTransactional: true }, verification)
      },
      reload: () => this.#reload(partition, shard),
    })
    this.#shards.set(partition, shard)
    const isWanted = () => this.#shards.get(partition) === shard
    const log = {
      startOffset: replicas.partition(topic.name, partition)?.logStartOffset ?? 0,
      read: (offset: number) => replicas.readLocal({ topic: topic.name, partition, offset, maxBytes: loadBytesMax }),
    }
    try {
      await loadLog(log, (batch) => shard.replay(batch), isWanted)
      if (isWanted()) await shard.activate()
    } catch (error) {
      // Not ours to read any more is no trouble, an unreadable log is. Clients look for another coordinator either way.
      if (!isWanted()) return
      this.#shards.delete(partition)
      shard.close()
      if (!isGone(error)) onFailure(error)
    }
  }

  async #append(
    partition: number,
    batch: Omit<NewBatch, 'timestampMs'>,
    verification: Verification | undefined = undefined,
  ): Promise<number> {
    const { topic, replicas, clock, appendTimeoutMs } = this.#options
    const { baseOffset } = await replicas.append({
      topic: topic.name,
      partition,
      batches: buildBatch({ ...batch, timestampMs: clock.nowMs() }),
      acks: -1,
      origin: 'coordinator',
      timeoutMs: appendTimeoutMs,
      verification,
    })
    return baseOffset
  }
}

/** The topic was deleted or another broker leads, which the coordinator will be told of. */
function isGone(error: unknown): boolean {
  const codes: readonly number[] = [errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorCodes.NOT_LEADER_OR_FOLLOWER]
  return error instanceof KafkaError && codes.includes(error.code)
}
