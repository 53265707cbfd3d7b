import { errorCodes } from '../protocol/errors.ts'
import type { FetchPartition, FetchRequest, FetchResponseBody, FetchTopic } from '../protocol/messages/01-fetch.ts'

type ResponseTopic = FetchResponseBody['responses'][number]
type ResponsePartition = ResponseTopic['partitions'][number]

interface CachedPartition {
  readonly topic: string
  readonly topicId: string
  asked: FetchPartition
  /** As last answered; -1 after an error, so that what follows it is told. */
  highWatermark: number
  logStartOffset: number
  /** A follower that asks anew may have had no use for the last answer: its log had parted, or moved on meanwhile. */
  mustTell: boolean
}

/**
 * What a client fetches again and again (KIP-227): it names only what changes, and is told only what has changed. Its
 * epoch counts its requests, so that a lost one is noticed.
 */
export class FetchSession {
  readonly id: number
  /** A follower's: consumers make room for it. */
  readonly isPrivileged: boolean
  readonly usesTopicIds: boolean
  readonly createdAtMs: number
  usedAtMs: number
  #epoch = 1
  /** In the order in which they are read: what was answered with records goes to the end. */
  readonly #partitions = new Map<string, CachedPartition>()
  #topics: readonly FetchTopic[] | undefined

  constructor(options: { id: number; isPrivileged: boolean; usesTopicIds: boolean; nowMs: number }) {
    this.id = options.id
    this.isPrivileged = options.isPrivileged
    this.usesTopicIds = options.usesTopicIds
    this.createdAtMs = options.nowMs
    this.usedAtMs = options.nowMs
  }

  /** What the next request must have. */
  get epoch(): number {
    return this.#epoch
  }

  get size(): number {
    return this.#partitions.size
  }

  /** After 2³¹ - 1 comes 1: 0 and -1 mean other things. */
  advance(): void {
    this.#epoch = this.#epoch === 0x7fffffff ? 1 : this.#epoch + 1
  }

  update(topics: readonly FetchTopic[], forgotten: FetchRequest['forgottenTopicsData']): void {
    if (topics.length > 0 || forgotten.length > 0) this.#topics = undefined
    for (const { topic, topicId, partitions } of topics) {
      for (const asked of partitions) {
        const key = this.#keyOf(topic, topicId, asked.partition)
        const cached = this.#partitions.get(key)
        if (cached === undefined) {
          const nothing = { highWatermark: -1, logStartOffset: -1, mustTell: false }
          this.#partitions.set(key, { topic, topicId, asked, ...nothing })
        } else {
          cached.asked = asked
          cached.mustTell = this.isPrivileged
        }
      }
    }
    for (const { topic, topicId, partitions } of forgotten) {
      for (const partition of partitions) this.#partitions.delete(this.#keyOf(topic, topicId, partition))
    }
  }

  /** All partitions, those of a topic together as far as they stand together. Not to be changed. */
  get topics(): readonly FetchTopic[] {
    this.#topics ??= groupByTopic(this.#partitions.values())
    return this.#topics
  }

  /** As last answered; -1 when that is not known. */
  highWatermark(topic: FetchTopic, partition: number): number {
    return this.#partitions.get(this.#keyOf(topic.topic, topic.topicId, partition))?.highWatermark ?? -1
  }

  /** Remembers what is answered, and drops from an incremental answer what the client knows. */
  select(responses: readonly ResponseTopic[], isIncremental: boolean): ResponseTopic[] {
    const selected: ResponseTopic[] = []
    for (const topic of responses) {
      const partitions = topic.partitions.filter((data) => this.#isNews(topic, data) || !isIncremental)
      if (partitions.length > 0) selected.push({ ...topic, partitions })
    }
    return selected
  }

  #isNews(topic: ResponseTopic, data: ResponsePartition): boolean {
    const key = this.#keyOf(topic.topic ?? '', topic.topicId ?? '', data.partitionIndex)
    const cached = this.#partitions.get(key)
    if (cached === undefined) return true
    const isError = data.errorCode !== errorCodes.NONE
    const highWatermark = isError ? -1 : data.highWatermark
    const logStartOffset = data.logStartOffset ?? -1
    const hasMoved = cached.highWatermark !== highWatermark || cached.logStartOffset !== logStartOffset
    const isAwaited = cached.mustTell
    cached.mustTell = false
    cached.highWatermark = highWatermark
    cached.logStartOffset = logStartOffset
    if (hasRecords(data)) {
      this.#partitions.delete(key)
      this.#partitions.set(key, cached)
      this.#topics = undefined
      return true
    }
    const isDiverging = data.divergingEpoch !== undefined
    const isElsewhere = (data.preferredReadReplica ?? -1) !== -1
    return isError || hasMoved || isAwaited || isDiverging || isElsewhere
  }

  #keyOf(topic: string, topicId: string, partition: number): string {
    return `${this.usesTopicIds ? topicId : topic}:${partition}`
  }
}

function hasRecords({ records }: ResponsePartition): boolean {
  if (records == null) return false
  return Buffer.isBuffer(records) ? records.length > 0 : records.some((buffer) => buffer.length > 0)
}

function groupByTopic(partitions: Iterable<CachedPartition>): FetchTopic[] {
  const topics: { topic: string; topicId: string; partitions: FetchPartition[] }[] = []
  for (const { topic, topicId, asked } of partitions) {
    const last = topics.at(-1)
    if (last !== undefined && last.topic === topic && last.topicId === topicId) last.partitions.push(asked)
    else topics.push({ topic, topicId, partitions: [asked] })
  }
  return topics
}
