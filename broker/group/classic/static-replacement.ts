import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { GroupEffect } from '../group-effect.ts'
import { joinSuccess, refuseSync, refuseWaitingJoin } from './classic-answer.ts'
import type { ClassicMember } from './classic-members.ts'
import { type ClassicRebalance, startSession } from './classic-rebalance.ts'
import type { Join } from './classic-request.ts'
import type { ClassicState } from './classic-state.ts'
import { updateMember } from './update-member.ts'

interface ReplacedStaticMember {
  readonly memberId: string
  readonly old: Readonly<ClassicMember>
  readonly oldLeaderId: string | undefined
  /** JoinGroup v9 and later: the answer may carry members without asking for an assignment. */
  readonly canSkipAssignment: boolean
}

/** The process behind a static member was restarted: it takes the old one's place, and the old one is fenced (KIP-345). */
export class StaticReplacement {
  readonly #state: ClassicState
  readonly #rebalance: ClassicRebalance

  constructor(state: ClassicState, rebalance: ClassicRebalance) {
    this.#state = state
    this.#rebalance = rebalance
  }

  replace(join: Join, oldMemberId: string, nowMs: number, effects: GroupEffect[]): void {
    const { members, pendingSyncs, name, protocolName } = this.#state
    const oldLeaderId = members.leaderId
    const old = members.get(oldMemberId)
    refuseWaitingJoin(members, old, oldMemberId, errorCodes.FENCED_INSTANCE_ID, effects)
    if (old.syncRequest !== undefined) effects.push(refuseSync(old.syncRequest, errorCodes.FENCED_INSTANCE_ID))
    old.syncRequest = undefined
    const member = members.replaceStatic(oldMemberId, join.newMemberId)
    if (pendingSyncs.delete(oldMemberId)) pendingSyncs.add(member.memberId)
    effects.push({ kind: 'stopTimer', timer: `session ${oldMemberId}` })
    updateMember(members, member, join, effects)
    effects.push(startSession(member))
    if (name === 'Stable' && members.electProtocol() === protocolName) {
      const { canSkipAssignment } = join
      const replaced = { memberId: member.memberId, old, oldLeaderId, canSkipAssignment }
      const value = this.#state.metadata((other) => other.assignment)
      effects.push(this.#rebalance.write(value, (errorCode) => this.#written(replaced, errorCode)))
    } else {
      // While the leader computes assignments it may use the old id, so the newcomer would get none: start again.
      this.#rebalance.beginOrContinue(nowMs, effects)
    }
  }

  #written(replaced: ReplacedStaticMember, errorCode: ErrorCode): GroupEffect[] {
    const { members, name } = this.#state
    const effects: GroupEffect[] = []
    const member = members.find(replaced.memberId)
    if (member === undefined || name !== 'Stable') return effects
    if (errorCode !== errorCodes.NONE) {
      refuseWaitingJoin(members, member, '', errorCode, effects)
      const { old } = replaced
      const restored = members.replaceStatic(replaced.memberId, old.memberId)
      members.setProtocols(restored, old.protocols)
      restored.rebalanceTimeoutMs = old.rebalanceTimeoutMs
      restored.sessionTimeoutMs = old.sessionTimeoutMs
      effects.push({ kind: 'stopTimer', timer: `session ${replaced.memberId}` }, startSession(restored))
      return effects
    }
    const request = members.takeJoinRequest(member)
    if (request === undefined) return effects
    const joined = joinSuccess(this.#state, member)
    const isLeader = member.memberId === members.leaderId
    // Before v9 a leader could not be told to keep the assignments it has forgotten, so it is told that another leads.
    const response = replaced.canSkipAssignment
      ? { ...joined, skipAssignment: isLeader }
      : { ...joined, leader: replaced.oldLeaderId ?? '', members: [] }
    effects.push({ kind: 'answerJoin', request, response })
    return effects
  }
}
