import type { Assignment } from './assignment.ts'
import { assignRange } from './range-assignor.ts'
import { assignUniformly } from './uniform-assignor.ts'

export interface AssignedMember {
  readonly memberId: string
  readonly instanceId: string | null
  /** Ids of existing topics. */
  readonly topicIds: ReadonlySet<string>
  /** Its part of the last assignment. */
  readonly previous: Assignment
}

/** Gives each partition of each topic that anybody reads to one member that reads it. */
export type Assignor = (
  members: readonly AssignedMember[],
  partitionsOf: (topicId: string) => number,
) => Map<string, Assignment>

/** In the order in which the broker names them; the first is the default. */
export const assignors: ReadonlyMap<string, Assignor> = new Map([
  ['uniform', assignUniformly],
  ['range', assignRange],
])
