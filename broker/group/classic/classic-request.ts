import type { GroupProtocol } from './classic-members.ts'

export interface Join {
  /** Names the request in the `answerJoin` that ends it. Every join is answered once. */
  request: number
  memberId: string
  /** Taken by the member when `memberId` is empty. */
  newMemberId: string
  groupInstanceId: string | null
  clientId: string
  clientHost: string
  protocolType: string
  protocols: readonly GroupProtocol[]
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  /** JoinGroup v4 and later: a new dynamic member is told its id and joins again with it. */
  requiresKnownMemberId: boolean
  /** JoinGroup v9 and later. */
  canSkipAssignment: boolean
}

export interface Sync {
  /** Names the request in the `answerSync` that ends it. Every sync is answered once. */
  request: number
  memberId: string
  groupInstanceId: string | null
  generationId: number
  protocolType: string | null
  protocolName: string | null
  assignments: readonly { memberId: string; assignment: Buffer }[]
}

export interface Heartbeat {
  memberId: string
  groupInstanceId: string | null
  generationId: number
}
