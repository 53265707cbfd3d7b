import type { JoinGroupResponseBody } from '../protocol/messages/11-join-group.ts'
import type { SyncGroupResponseBody } from '../protocol/messages/14-sync-group.ts'
import type { GroupMetadataValueBody } from '../protocol/structures/group-metadata-record.ts'
import type { ClassicMember } from './classic-members.ts'

/** A timer of one group; starting one that runs moves it. */
export type GroupTimer = 'join' | 'sync' | `session ${string}`

/** What a group wants done, in this order. */
export type GroupEffect =
  | { kind: 'answerJoin'; request: number; response: JoinGroupResponseBody }
  | { kind: 'answerSync'; request: number; response: SyncGroupResponseBody }
  | { kind: 'startTimer'; timer: GroupTimer; delayMs: number }
  | { kind: 'stopTimer'; timer: GroupTimer }
  | { kind: 'write'; write: GroupWrite }

/** The group's metadata, to be written to the log and then handed to `ClassicGroup.written` with the outcome. */
export interface GroupWrite {
  readonly value: GroupMetadataValueBody
  readonly purpose: WritePurpose
}

export type WritePurpose =
  | { kind: 'membershipChanged' }
  | { kind: 'assigned'; generationId: number; assignments: ReadonlyMap<string, Buffer> }
  | { kind: 'staticMemberReplaced'; replaced: ReplacedStaticMember }

export interface ReplacedStaticMember {
  readonly memberId: string
  readonly old: Readonly<ClassicMember>
  readonly oldLeaderId: string | undefined
  /** JoinGroup v9 and later: the answer may carry members without asking for an assignment. */
  readonly canSkipAssignment: boolean
}
