import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { GroupMetadataValueBody } from '../../protocol/structures/group-metadata-record.ts'
import type { GroupEffect, GroupWrite } from '../group-effect.ts'
import { groupRecord } from '../group-records.ts'
import { joinSuccess, noAssignment, refuseSync, refuseWaitingJoin, syncSuccess } from './classic-answer.ts'
import type { ClassicMember } from './classic-members.ts'
import type { Sync } from './classic-request.ts'
import type { ClassicState } from './classic-state.ts'
import { InitialRebalance } from './initial-rebalance.ts'

/** How a classic group goes from one generation to the next: everybody joins, the leader assigns, everybody syncs. */
export class ClassicRebalance {
  readonly #groupId: string
  readonly #state: ClassicState
  readonly #initialDelayMs: number
  #initialRebalance: InitialRebalance | undefined

  constructor(groupId: string, state: ClassicState, initialDelayMs: number) {
    this.#groupId = groupId
    this.#state = state
    this.#initialDelayMs = initialDelayMs
  }

  noticeNewMember(): void {
    this.#initialRebalance?.noticeMember()
  }

  /** After a member has come, changed or gone. */
  beginOrContinue(nowMs: number, effects: GroupEffect[]): void {
    if (this.#state.name !== 'PreparingRebalance') this.begin(nowMs, effects)
    else if (this.#state.previousName !== 'Empty') this.completeJoinIfAllAreIn(nowMs, effects)
  }

  begin(nowMs: number, effects: GroupEffect[]): void {
    const state = this.#state
    if (state.name === 'CompletingRebalance') {
      for (const member of state.members) member.assignment = noAssignment
      this.#answerSyncs(errorCodes.REBALANCE_IN_PROGRESS, effects)
    }
    state.pendingSyncs.clear()
    effects.push({ kind: 'stopTimer', timer: 'sync' })
    const isInitial = state.name === 'Empty'
    state.moveTo('PreparingRebalance', nowMs)
    if (isInitial) {
      const delayMs = this.#initialDelayMs
      this.#initialRebalance = new InitialRebalance(delayMs, state.members.rebalanceTimeoutMs)
      effects.push({ kind: 'startTimer', timer: 'join', delayMs })
    } else {
      effects.push({ kind: 'startTimer', timer: 'join', delayMs: state.members.rebalanceTimeoutMs })
      this.completeJoinIfAllAreIn(nowMs, effects)
    }
  }

  completeJoinIfAllAreIn(nowMs: number, effects: GroupEffect[]): void {
    const { members, pendingJoins } = this.#state
    if (members.haveAllJoined && pendingJoins.size === 0) this.#completeJoin(nowMs, effects)
  }

  /** The leader has said who gets what. Followers are told once the record is in the log. */
  assign(sync: Sync): GroupEffect {
    const { members, generationId } = this.#state
    const given = new Map(sync.assignments.map(({ memberId, assignment }) => [memberId, assignment]))
    const assignments = new Map<string, Buffer>()
    for (const { memberId } of members) assignments.set(memberId, given.get(memberId) ?? noAssignment)
    const value = this.#state.metadata((member) => assignments.get(member.memberId) ?? noAssignment)
    return this.write(value, (errorCode, nowMs) => {
      const effects: GroupEffect[] = []
      if (this.#state.name !== 'CompletingRebalance' || generationId !== this.#state.generationId) return effects
      this.#assigned(assignments, errorCode, nowMs, effects)
      return effects
    })
  }

  write(value: GroupMetadataValueBody, written: GroupWrite['written']): GroupEffect {
    return { kind: 'write', write: { records: [groupRecord(this.#groupId, value)], written } }
  }

  joinTimeout(nowMs: number, effects: GroupEffect[]): void {
    if (this.#state.name !== 'PreparingRebalance') return
    const delayMs = this.#initialRebalance?.nextDelayMs()
    if (delayMs === undefined) this.#completeJoin(nowMs, effects)
    else effects.push({ kind: 'startTimer', timer: 'join', delayMs })
  }

  /** Members that joined and never asked for their assignment hold partitions that nobody reads. */
  syncTimeout(nowMs: number, effects: GroupEffect[]): void {
    const { members, pendingSyncs } = this.#state
    if (pendingSyncs.size === 0) return
    for (const memberId of [...pendingSyncs]) this.removeMember(members.get(memberId), effects)
    this.begin(nowMs, effects)
  }

  /** A consumer whose join still waits is told UNKNOWN_MEMBER_ID and starts over. */
  removeMember(member: ClassicMember, effects: GroupEffect[]): void {
    const { members, pendingSyncs } = this.#state
    refuseWaitingJoin(members, member, '', errorCodes.UNKNOWN_MEMBER_ID, effects)
    if (member.syncRequest !== undefined) effects.push(refuseSync(member.syncRequest, errorCodes.UNKNOWN_MEMBER_ID))
    effects.push({ kind: 'stopTimer', timer: `session ${member.memberId}` })
    pendingSyncs.delete(member.memberId)
    members.remove(member.memberId)
  }

  /** The next generation begins with those who have joined, and with static members, who keep their place until they time out. */
  #completeJoin(nowMs: number, effects: GroupEffect[]): void {
    const state = this.#state
    effects.push({ kind: 'stopTimer', timer: 'join' })
    this.#initialRebalance = undefined
    for (const member of [...state.members]) {
      if (member.joinRequest === undefined && member.groupInstanceId === null) this.removeMember(member, effects)
    }
    if (!state.members.electJoinedLeader() && state.members.size > 0) {
      effects.push({ kind: 'startTimer', timer: 'join', delayMs: state.members.rebalanceTimeoutMs })
      return
    }
    state.beginGeneration()
    if (state.members.size === 0) {
      state.moveTo('Empty', nowMs)
      // Should this record be missing, the members that it would bring back time out again.
      effects.push(
        this.write(
          state.metadata((member) => member.assignment),
          () => [],
        ),
      )
      return
    }
    state.moveTo('CompletingRebalance', nowMs)
    for (const member of state.members) {
      const request = state.members.takeJoinRequest(member)
      if (request !== undefined) effects.push({ kind: 'answerJoin', request, response: joinSuccess(state, member) })
      member.isNew = false
      state.pendingSyncs.add(member.memberId)
      effects.push(startSession(member))
    }
    effects.push({ kind: 'startTimer', timer: 'sync', delayMs: state.members.rebalanceTimeoutMs })
  }

  #assigned(
    assignments: ReadonlyMap<string, Buffer>,
    errorCode: ErrorCode,
    nowMs: number,
    effects: GroupEffect[],
  ): void {
    const { members } = this.#state
    if (errorCode !== errorCodes.NONE) {
      for (const member of members) member.assignment = noAssignment
      this.#answerSyncs(errorCode, effects)
      this.begin(nowMs, effects)
      return
    }
    for (const member of members) member.assignment = assignments.get(member.memberId) ?? noAssignment
    this.#answerSyncs(errorCodes.NONE, effects)
    this.#state.moveTo('Stable', nowMs)
  }

  /** A session that ended while its member waited was ignored, so each answer starts it anew. */
  #answerSyncs(errorCode: ErrorCode, effects: GroupEffect[]): void {
    for (const member of this.#state.members) {
      const request = member.syncRequest
      if (request === undefined) continue
      member.syncRequest = undefined
      if (errorCode !== errorCodes.NONE) effects.push(refuseSync(request, errorCode))
      else effects.push({ kind: 'answerSync', request, response: syncSuccess(this.#state, member) })
      effects.push(startSession(member))
    }
  }
}

export function startSession(member: Readonly<ClassicMember>): GroupEffect {
  return { kind: 'startTimer', timer: `session ${member.memberId}`, delayMs: member.sessionTimeoutMs }
}
