import type { ErrorCode } from '../protocol/errors.ts'
import type { OffsetCommitValue } from '../protocol/structures/offset-commit-record.ts'
import type { NewRecord } from '../record/build-batch.ts'
import type { GroupEffect } from './group-effect.ts'
import type { TopicPartition } from './offsets.ts'

/** As ListGroups names them. */
export type GroupType = 'classic' | 'consumer' | 'share'

/** Who commits or reads offsets; without a member id and an epoch (or generation) below 0 somebody from outside the group. */
export interface OffsetClient {
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** The generation in the classic protocol. */
  readonly memberEpoch: number
  /** Of OffsetCommit or OffsetFetch; undefined in TxnOffsetCommit. */
  readonly apiVersion: number | undefined
}

/**
 * What every kind of group is to the partition that hosts it: a state machine without I/O. Each event changes its state at
 * once and returns what is to be done about it. A group is made by the records of its kind, or by its first member.
 */
export interface Group {
  readonly groupId: string
  readonly type: GroupType
  /** As ListGroups and the kind's Describe name it. */
  readonly state: string
  /** As ListGroups names it; undefined in a group that is only a name under which offsets are kept. */
  readonly protocolType: string | undefined
  /** Nobody is in it, so it may be deleted. */
  readonly isEmpty: boolean
  /** Once it is empty and has no offsets any more it is deleted. */
  readonly expires: boolean

  /** The records are all read and this broker is the coordinator: time begins. */
  activate(nowMs: number): readonly GroupEffect[]
  timerFired(timer: string, nowMs: number): readonly GroupEffect[]
  /** Ends the group here: deleted, led by another broker or replaced. Whoever waits is told `errorCode`. */
  close(errorCode: ErrorCode): readonly GroupEffect[]
  /** What takes the group out of the log, without its offsets. */
  removal(): readonly NewRecord[]

  /** Why the group takes no offset from this client now. */
  commitError(client: OffsetClient, offsets: readonly TopicPartition[]): ErrorCode | undefined
  /** What a commit does for its sender's session. */
  committed(client: OffsetClient): readonly GroupEffect[]
  /** Why the group tells this client no offsets. */
  fetchError(client: OffsetClient): ErrorCode | undefined
  /** Offsets of these topics neither expire nor may be deleted. */
  isSubscribedTo(topic: string): boolean
  /** Why no offset may be deleted, whatever its topic. */
  offsetDeleteError(): ErrorCode | undefined
  /** Since when an offset counts as unused; undefined while it cannot expire. */
  unusedSinceMs(offset: OffsetCommitValue): number | undefined
}
