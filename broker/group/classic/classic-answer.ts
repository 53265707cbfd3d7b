import assert from 'node:assert'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { JoinGroupResponseBody } from '../../protocol/messages/11-join-group.ts'
import type { SyncGroupResponseBody } from '../../protocol/messages/14-sync-group.ts'
import type { GroupEffect } from '../group-effect.ts'
import { type ClassicMember, type ClassicMembers, protocolMetadata } from './classic-members.ts'
import type { Generation } from './group-metadata.ts'

export const noAssignment = Buffer.alloc(0)

/** Only the leader learns who the members are. */
export function joinSuccess(generation: Generation, { memberId }: Readonly<ClassicMember>): JoinGroupResponseBody {
  const { generationId, protocolType = null, protocolName, leaderId = '', members } = generation
  assert(protocolName !== undefined, 'a generation has a protocol')
  const shown = memberId === leaderId ? [...members] : []
  return {
    errorCode: errorCodes.NONE,
    generationId,
    protocolType,
    protocolName,
    leader: leaderId,
    skipAssignment: false,
    memberId,
    members: shown.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      metadata: protocolMetadata(member, protocolName),
    })),
  }
}

export function joinFailure(memberId: string, errorCode: ErrorCode): JoinGroupResponseBody {
  return { errorCode, generationId: -1, protocolName: null, leader: '', memberId, members: [] }
}

export function refuseJoin(request: number, memberId: string, errorCode: ErrorCode): GroupEffect {
  return { kind: 'answerJoin', request, response: joinFailure(memberId, errorCode) }
}

/** Where the member's JoinGroup still waits for its answer. */
export function refuseWaitingJoin(
  members: ClassicMembers,
  member: ClassicMember,
  memberId: string,
  errorCode: ErrorCode,
  effects: GroupEffect[],
): void {
  const request = members.takeJoinRequest(member)
  if (request !== undefined) effects.push(refuseJoin(request, memberId, errorCode))
}

export function syncSuccess(generation: Generation, { assignment }: ClassicMember): SyncGroupResponseBody {
  const { protocolType = null, protocolName = null } = generation
  return { errorCode: errorCodes.NONE, protocolType, protocolName, assignment }
}

export function syncFailure(errorCode: ErrorCode): SyncGroupResponseBody {
  return { errorCode, assignment: noAssignment }
}

export function refuseSync(request: number, errorCode: ErrorCode): GroupEffect {
  return { kind: 'answerSync', request, response: syncFailure(errorCode) }
}
