import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { OffsetClient } from '../group.ts'
import type { Heartbeat, Join, Sync } from './classic-request.ts'
import type { ClassicState } from './classic-state.ts'

/* Why a classic group turns a request away; undefined where it does not. */

export function joinError(state: ClassicState, membersMax: number, join: Join): ErrorCode | undefined {
  if (state.name === 'Dead') return errorCodes.COORDINATOR_NOT_AVAILABLE
  if (!hasRoomFor(state, membersMax, join.memberId)) return errorCodes.GROUP_MAX_SIZE_REACHED
  if (!supports(state, join)) return errorCodes.INCONSISTENT_GROUP_PROTOCOL
  if (join.memberId === '') return undefined
  // An id that is pending was given to a dynamic member.
  if (state.pendingJoins.has(join.memberId)) {
    return join.groupInstanceId === null ? undefined : errorCodes.UNKNOWN_MEMBER_ID
  }
  return state.memberError(join.memberId, join.groupInstanceId)
}

export function syncError(state: ClassicState, sync: Sync): ErrorCode | undefined {
  if (state.name === 'Dead') return errorCodes.COORDINATOR_NOT_AVAILABLE
  const errorCode = state.memberError(sync.memberId, sync.groupInstanceId)
  if (errorCode !== undefined) return errorCode
  if (sync.generationId !== state.generationId) return errorCodes.ILLEGAL_GENERATION
  if (differs(sync.protocolType, state.protocolType) || differs(sync.protocolName, state.protocolName)) {
    return errorCodes.INCONSISTENT_GROUP_PROTOCOL
  }
  return state.name === 'PreparingRebalance' ? errorCodes.REBALANCE_IN_PROGRESS : undefined
}

export function heartbeatError(state: ClassicState, heartbeat: Heartbeat): ErrorCode | undefined {
  if (state.name === 'Dead') return errorCodes.COORDINATOR_NOT_AVAILABLE
  const errorCode = state.memberError(heartbeat.memberId, heartbeat.groupInstanceId)
  if (errorCode !== undefined) return errorCode
  return heartbeat.generationId === state.generationId ? undefined : errorCodes.ILLEGAL_GENERATION
}

/** Without a generation an offset comes from outside the group. */
export function commitError(state: ClassicState, client: OffsetClient): ErrorCode | undefined {
  const { memberId, groupInstanceId, memberEpoch: generationId } = client
  const isInTransaction = client.apiVersion === undefined
  if (state.name === 'Dead') return errorCodes.COORDINATOR_NOT_AVAILABLE
  if (generationId < 0 && state.name === 'Empty') return undefined
  if (generationId < 0 && memberId === '' && groupInstanceId === null) {
    // Producers that are older than KIP-447 do not say for which member they commit.
    return isInTransaction ? undefined : errorCodes.UNKNOWN_MEMBER_ID
  }
  const errorCode = state.memberError(memberId, groupInstanceId)
  if (errorCode !== undefined) return errorCode
  if (generationId !== state.generationId) return errorCodes.ILLEGAL_GENERATION
  // The sender knows the new generation but not its partitions yet, so what it commits it read in the last one.
  return state.name === 'CompletingRebalance' && !isInTransaction ? errorCodes.REBALANCE_IN_PROGRESS : undefined
}

/** While a rebalance is prepared those who have joined count, so that the last to come back are the ones left out. */
function hasRoomFor(state: ClassicState, membersMax: number, memberId: string): boolean {
  const { members } = state
  switch (state.name) {
    case 'Empty':
    case 'Dead':
      return true
    case 'PreparingRebalance':
      if (members.find(memberId)?.joinRequest !== undefined) return true
      return members.joiningCount < membersMax
    case 'CompletingRebalance':
    case 'Stable':
      return members.has(memberId) || members.size < membersMax
  }
}

function supports(state: ClassicState, { protocolType, protocols }: Join): boolean {
  if (protocolType === '' || protocols.length === 0) return false
  if (state.name === 'Empty') return true
  return protocolType === state.protocolType && state.members.supportAnyOf(protocols)
}

/** Clients before v5 name neither. */
function differs(asked: string | null, actual: string | undefined): boolean {
  return asked !== null && actual !== undefined && asked !== actual
}
