import { errorCodes } from '../../protocol/errors.ts'
import type { GroupEffect } from '../group-effect.ts'
import { refuseWaitingJoin } from './classic-answer.ts'
import type { ClassicMember, ClassicMembers } from './classic-members.ts'
import type { Join } from './classic-request.ts'

/** Takes over what a member that is known says of itself when it joins again. */
export function updateMember(members: ClassicMembers, member: ClassicMember, join: Join, effects: GroupEffect[]): void {
  // A client that asks again has given up on its first request.
  refuseWaitingJoin(members, member, member.memberId, errorCodes.REBALANCE_IN_PROGRESS, effects)
  members.setProtocols(member, join.protocols)
  member.rebalanceTimeoutMs = join.rebalanceTimeoutMs
  member.sessionTimeoutMs = join.sessionTimeoutMs
  members.setJoinRequest(member, join.request)
}
