import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import { zeroUuid } from '../protocol/schema.ts'
import type { OffsetCommitValue } from '../protocol/structures/offset-commit-record.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { Heartbeat } from './group-request.ts'

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

/** Whether the group takes an offset from this sender now. Without a generation it comes from outside the group. */
export function offsetCommitError(group: ClassicGroup, sender: Heartbeat): ErrorCode | undefined {
  const { memberId, groupInstanceId, generationId } = sender
  if (group.state === 'Dead') return errorCodes.COORDINATOR_NOT_AVAILABLE
  if (generationId < 0 && group.state === 'Empty') return undefined
  if (generationId < 0 && memberId === '' && groupInstanceId === null) return errorCodes.UNKNOWN_MEMBER_ID
  const errorCode = group.memberError(memberId, groupInstanceId)
  if (errorCode !== undefined) return errorCode
  if (generationId !== group.generationId) return errorCodes.ILLEGAL_GENERATION
  // The sender knows the new generation but not its partitions yet, so what it commits it read in the last one.
  return group.state === 'CompletingRebalance' ? errorCodes.REBALANCE_IN_PROGRESS : undefined
}

/**
 * Which offsets have outlived their retention: counted from when the group became empty, or from each commit where the
 * group is a name only, under which consumers with partitions of their own choice commit. In a group with members only
 * topics that it no longer reads can expire.
 */
export function expiredOffsets(
  group: ClassicGroup,
  offsets: GroupOffsets,
  nowMs: number,
  retentionMs: number,
): TopicPartition[] {
  const countFrom = retentionStart(group)
  if (countFrom === undefined) return []
  const expired: TopicPartition[] = []
  for (const { topic, partition, value } of offsets) {
    if (group.isSubscribedTo(topic)) continue
    const hasOwnExpiry = value.expireTimestamp >= 0
    const isExpired = hasOwnExpiry ? nowMs >= value.expireTimestamp : nowMs - countFrom(value) >= retentionMs
    if (isExpired) expired.push({ topic, partition })
  }
  return expired
}

function retentionStart(group: ClassicGroup): ((value: OffsetCommitValue) => number) | undefined {
  const sinceCommit = (value: OffsetCommitValue) => value.commitTimestamp
  if (group.protocolType === undefined) return sinceCommit
  if (group.state === 'Empty') return (value) => group.stateChangedAtMs ?? value.commitTimestamp
  const knowsItsTopics = group.usesConsumerProtocol && group.subscribedTopics !== undefined
  return knowsItsTopics && group.state === 'Stable' ? sinceCommit : undefined
}

/** Offsets committed by name carry no id and belong to whatever topic has the name. */
export function isOfTopic(value: OffsetCommitValue, topicId: string): boolean {
  return value.topicId === zeroUuid || topicId === zeroUuid || value.topicId === topicId
}
