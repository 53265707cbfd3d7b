import { zeroUuid } from '../protocol/schema.ts'
import type { OffsetCommitValue } from '../protocol/structures/offset-commit-record.ts'
import type { Group } from './group.ts'

export interface TopicPartition {
  topic: string
  partition: number
}

export interface CommittedOffset extends TopicPartition {
  value: OffsetCommitValue
}

/** The committed offsets of one group. */
export class GroupOffsets implements Iterable<CommittedOffset> {
  readonly #topics = new Map<string, Map<number, OffsetCommitValue>>()

  get isEmpty(): boolean {
    return this.#topics.size === 0
  }

  get topics(): ReadonlyMap<string, ReadonlyMap<number, OffsetCommitValue>> {
    return this.#topics
  }

  *[Symbol.iterator](): Iterator<CommittedOffset> {
    for (const [topic, partitions] of this.#topics) {
      for (const [partition, value] of partitions) yield { topic, partition, value }
    }
  }

  find(topic: string, partition: number): OffsetCommitValue | undefined {
    return this.#topics.get(topic)?.get(partition)
  }

  put({ topic, partition }: TopicPartition, value: OffsetCommitValue): void {
    let partitions = this.#topics.get(topic)
    if (partitions === undefined) {
      partitions = new Map()
      this.#topics.set(topic, partitions)
    }
    partitions.set(partition, value)
  }

  remove({ topic, partition }: TopicPartition): void {
    const partitions = this.#topics.get(topic)
    partitions?.delete(partition)
    if (partitions?.size === 0) this.#topics.delete(topic)
  }
}

/**
 * Which offsets have outlived their retention. One with an expiry of its own goes then, though not while its topic is read
 * or nothing of its group may expire.
 */
export function expiredOffsets(
  group: Group,
  offsets: GroupOffsets,
  nowMs: number,
  retentionMs: number,
): TopicPartition[] {
  const expired: TopicPartition[] = []
  for (const { topic, partition, value } of offsets) {
    if (group.isSubscribedTo(topic)) continue
    const unusedSinceMs = group.unusedSinceMs(value)
    if (unusedSinceMs === undefined) continue
    const hasOwnExpiry = value.expireTimestamp >= 0
    const isExpired = hasOwnExpiry ? nowMs >= value.expireTimestamp : nowMs - unusedSinceMs >= retentionMs
    if (isExpired) expired.push({ topic, partition })
  }
  return expired
}

/** Offsets committed by name carry no id and belong to whatever topic has the name. */
export function isOfTopic(value: OffsetCommitValue, topicId: string): boolean {
  return value.topicId === zeroUuid || topicId === zeroUuid || value.topicId === topicId
}
