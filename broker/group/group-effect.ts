import type { ErrorCode } from '../protocol/errors.ts'
import type { JoinGroupResponseBody } from '../protocol/messages/11-join-group.ts'
import type { SyncGroupResponseBody } from '../protocol/messages/14-sync-group.ts'
import type { NewRecord } from '../record/build-batch.ts'
import type { Group } from './group.ts'

/**
 * What a group wants done, in this order. A timer has a name of the group's own choice; starting one that runs moves it,
 * unless it `isKept`.
 *
 * There are two ways to write. `write` is for a state that follows its record: the group hears the outcome and goes on from
 * there. `append` is for a state that the records themselves make, applied to it before they are in the log: should the
 * log not take them, all that is hosted in the partition is read from the log again.
 */
export type GroupEffect =
  | { kind: 'answerJoin'; request: number; response: JoinGroupResponseBody }
  | { kind: 'answerSync'; request: number; response: SyncGroupResponseBody }
  | { kind: 'startTimer'; timer: string; delayMs: number; isKept?: boolean }
  | { kind: 'stopTimer'; timer: string }
  | { kind: 'write'; write: GroupWrite }
  | { kind: 'append'; records: readonly NewRecord[] }
  /** Another kind of group takes the place of this one, in which `errorCode` ends all waiting. */
  | { kind: 'become'; group: Group; errorCode: ErrorCode; effects: readonly GroupEffect[] }

export interface GroupWrite {
  readonly records: readonly NewRecord[]
  written(errorCode: ErrorCode, nowMs: number): readonly GroupEffect[]
}
