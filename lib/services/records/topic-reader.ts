import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import { KafkaError, KafkaTransportError, kafkaErrorName } from '../../kafka/kafka-error.ts'
import { describeMetadata } from '../../kafka/operations/describe-metadata.ts'
import { fetchRecords } from '../../kafka/operations/fetch-records.ts'
import { earliestTimestamp, latestTimestamp, listOffsets } from '../../kafka/operations/list-offsets.ts'
import { type DecodedRecord, decodeRecordBatches } from '../../kafka/record-batch.ts'

const bytesMax = 32 * 1024 * 1024
const responseBytesMax = 4 * 1024 * 1024
const partitionBytesMax = 1024 * 1024
const unknownTopicOrPartition = 3

export interface ReadPartition {
  readonly partition: number
  readonly leader: number
  logStartOffset: bigint | null
  endOffset: bigint | null
  problem: string | null
}

export interface PartitionRecord {
  readonly partition: number
  readonly record: DecodedRecord
}

/** Offsets [from, to) of one partition. */
export interface OffsetRange {
  readonly partition: number
  readonly from: bigint
  readonly to: bigint
}

/** Reads ranges of one topic's partitions from their leaders, within one budget of bytes and time. */
export class TopicReader {
  readonly partitions: ReadonlyMap<number, ReadPartition>
  readonly #connection: ClusterConnection
  readonly #topic: string
  readonly #deadlineMs: number
  #bytes = 0

  static async open(
    connection: ClusterConnection,
    options: { topic: string; partition: number | undefined; deadlineMs: number },
  ): Promise<TopicReader> {
    const metadata = await connection.sendToAny(describeMetadata, { topics: [options.topic] })
    connection.updateBrokers(metadata.brokers)
    const [topic] = metadata.topics
    if (topic !== undefined && topic.errorCode !== 0 && topic.errorCode !== unknownTopicOrPartition) {
      throw new KafkaError(topic.errorCode)
    }
    const partitions = new Map<number, ReadPartition>()
    for (const { partition, leader } of topic?.partitions ?? []) {
      if (options.partition !== undefined && partition !== options.partition) continue
      const problem = leader < 0 ? 'It has no leader.' : null
      partitions.set(partition, { partition, leader, logStartOffset: null, endOffset: null, problem })
    }
    const reader = new TopicReader(connection, partitions, options)
    await reader.#readBounds()
    return reader
  }

  private constructor(
    connection: ClusterConnection,
    partitions: ReadonlyMap<number, ReadPartition>,
    { topic, deadlineMs }: { topic: string; deadlineMs: number },
  ) {
    this.#connection = connection
    this.partitions = partitions
    this.#topic = topic
    this.#deadlineMs = deadlineMs
  }

  get isExhausted(): boolean {
    return this.#bytes >= bytesMax || Date.now() >= this.#deadlineMs
  }

  /** Of each partition, the offset of the first record at or after the time; its end when there is none. */
  async offsetsAt(timestampMs: number): Promise<Map<number, bigint>> {
    const offsets = new Map<number, bigint>()
    await this.#listOffsets(BigInt(timestampMs), (state, offset) =>
      offsets.set(state.partition, offset < 0n ? (state.endOffset ?? 0n) : offset),
    )
    return offsets
  }

  /** The records of these ranges by partition, in offset order, as far as the budget goes. */
  async read(ranges: readonly OffsetRange[]): Promise<Map<number, DecodedRecord[]>> {
    const records = new Map<number, DecodedRecord[]>(ranges.map(({ partition }) => [partition, []]))
    const byLeader = groupByLeader(ranges, ({ partition }) => this.partitions.get(partition)?.leader ?? -1)
    await Promise.all([...byLeader].map(([leader, ofLeader]) => this.#readFromLeader(leader, ofLeader, records)))
    return records
  }

  async #readBounds(): Promise<void> {
    await this.#listOffsets(earliestTimestamp, (state, offset) => {
      state.logStartOffset = offset
    })
    await this.#listOffsets(latestTimestamp, (state, offset) => {
      state.endOffset = offset
    })
  }

  async #listOffsets(timestamp: bigint, apply: (state: ReadPartition, offset: bigint) => void): Promise<void> {
    const readable = [...this.partitions.values()].filter(({ leader }) => leader >= 0)
    const byLeader = groupByLeader(readable, ({ leader }) => leader)
    await Promise.all(
      [...byLeader].map(async ([leader, states]) => {
        const topics = [{ name: this.#topic, partitions: states.map(({ partition }) => partition) }]
        try {
          const response = await this.#connection.sendTo(leader, listOffsets, { topics, timestamp })
          for (const { partition, errorCode, offset } of response.topics[0]?.partitions ?? []) {
            const state = this.partitions.get(partition)
            if (state === undefined) continue
            if (errorCode === 0) apply(state, offset)
            else state.problem = kafkaErrorName(errorCode)
          }
        } catch (error) {
          this.#failAll(states, error)
        }
      }),
    )
  }

  async #readFromLeader(
    leader: number,
    ranges: readonly OffsetRange[],
    records: Map<number, DecodedRecord[]>,
  ): Promise<void> {
    let open = ranges.map((range) => ({ ...range, next: range.from })).filter(({ from, to }) => from < to)
    while (open.length > 0 && !this.isExhausted) {
      try {
        const response = await this.#connection.sendTo(leader, fetchRecords, {
          topic: this.#topic,
          partitions: open.map(({ partition, next }) => ({ partition, offset: next })),
          partitionBytesMax,
          responseBytesMax,
        })
        if (response.errorCode !== 0) throw new KafkaError(response.errorCode)
        const before = open
        for (const { partition, errorCode, batches } of response.partitions) {
          const range = open.find((one) => one.partition === partition)
          if (range === undefined) continue
          const next = errorCode === 0 ? this.#decode(range, batches, records) : this.#failPartition(range, errorCode)
          open = open.map((one) => (one === range ? { ...one, next } : one))
        }
        const moved = open.some((range, index) => range.next !== before[index]?.next)
        // A leader that answers nothing at all of what it has is not asked again and again.
        if (!moved) return
        // Those that were served go last: a full answer left the others out.
        open = open.filter(({ next, to }) => next < to).sort((a, b) => Number(a.next - a.from - (b.next - b.from)))
      } catch (error) {
        const states = open.flatMap(({ partition }) => this.partitions.get(partition) ?? [])
        this.#failAll(states, error)
        return
      }
    }
  }

  /** Returns the offset to go on from. */
  #decode(range: OffsetRange & { next: bigint }, batches: Buffer, records: Map<number, DecodedRecord[]>): bigint {
    this.#bytes += batches.length
    const decoded = decodeRecordBatches(batches)
    const state = this.partitions.get(range.partition)
    if (state !== undefined && decoded.problem !== null) state.problem = decoded.problem
    for (const record of decoded.records) {
      // A batch begins before the offset that was asked for.
      if (record.offset >= range.next && record.offset < range.to) records.get(range.partition)?.push(record)
    }
    return decoded.nextOffset ?? range.next
  }

  #failPartition({ partition, to }: OffsetRange, errorCode: number): bigint {
    const state = this.partitions.get(partition)
    if (state !== undefined) state.problem = kafkaErrorName(errorCode)
    return to
  }

  #failAll(states: readonly ReadPartition[], error: unknown): void {
    if (!(error instanceof KafkaError) && !(error instanceof KafkaTransportError)) throw error
    for (const state of states) state.problem = error.message
  }
}

function groupByLeader<T>(items: Iterable<T>, leaderOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const item of items) {
    const leader = leaderOf(item)
    groups.set(leader, [...(groups.get(leader) ?? []), item])
  }
  return groups
}
