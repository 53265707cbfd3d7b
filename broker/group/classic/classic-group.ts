import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { MemberIdentity, MemberResponseBody } from '../../protocol/messages/13-leave-group.ts'
import type { GroupMetadataValue } from '../../protocol/structures/group-metadata-record.ts'
import type { OffsetCommitValue } from '../../protocol/structures/offset-commit-record.ts'
import type { NewRecord } from '../../record/build-batch.ts'
import type { Group, OffsetClient } from '../group.ts'
import type { GroupEffect } from '../group-effect.ts'
import { groupRecord } from '../group-records.ts'
import { commitError, heartbeatError, joinError, syncError } from './classic-admission.ts'
import { joinSuccess, noAssignment, refuseJoin, refuseSync, refuseWaitingJoin, syncSuccess } from './classic-answer.ts'
import { type ClassicMember, hasSameProtocols } from './classic-members.ts'
import { ClassicRebalance, startSession } from './classic-rebalance.ts'
import type { Heartbeat, Join, Sync } from './classic-request.ts'
import { type ClassicGroupState, ClassicState } from './classic-state.ts'
import { StaticReplacement } from './static-replacement.ts'
import { updateMember } from './update-member.ts'

export interface ClassicGroupLimits {
  initialRebalanceDelayMs: number
  /** How long the first JoinGroup of a member may wait: it cannot send heartbeats yet. */
  newMemberJoinTimeoutMs: number
  membersMax: number
}

/**
 * A group in the classic protocol, as Apache Kafka's coordinator runs it. Timers that fire and writes that finish come back
 * as events. The buffers it is given are kept.
 */
export class ClassicGroup implements Group {
  readonly type = 'classic'
  readonly expires = true
  readonly groupId: string
  readonly #limits: ClassicGroupLimits
  readonly #state: ClassicState
  readonly #rebalance: ClassicRebalance
  readonly #staticReplacement: StaticReplacement

  /** A group without members, or as its last record tells it: Stable with its members, or Empty. */
  constructor(groupId: string, limits: ClassicGroupLimits, nowMs?: number, value?: GroupMetadataValue) {
    this.groupId = groupId
    this.#limits = limits
    this.#state = new ClassicState(nowMs, value)
    this.#rebalance = new ClassicRebalance(groupId, this.#state, limits.initialRebalanceDelayMs)
    this.#staticReplacement = new StaticReplacement(this.#state, this.#rebalance)
  }

  get state(): ClassicGroupState {
    return this.#state.name
  }

  get isEmpty(): boolean {
    return this.#state.name === 'Empty'
  }

  get generationId(): number {
    return this.#state.generationId
  }

  get protocolType(): string | undefined {
    return this.#state.protocolType
  }

  get protocolName(): string | undefined {
    return this.#state.protocolName
  }

  get members(): Iterable<Readonly<ClassicMember>> {
    return this.#state.members
  }

  get memberCount(): number {
    return this.#state.members.size
  }

  get leaderId(): string | undefined {
    return this.#state.leaderId
  }

  /** Each member gets a full session timeout from a coordinator that has just taken over. */
  activate(nowMs: number): GroupEffect[] {
    const effects: GroupEffect[] = []
    for (const member of this.#state.members) effects.push(startSession(member))
    if (this.#state.members.size > this.#limits.membersMax) this.#rebalance.begin(nowMs, effects)
    return effects
  }

  /** As `activate`, and has everybody join: the group was one in another protocol until now, whose member has left. */
  takeOver(nowMs: number): GroupEffect[] {
    const effects: GroupEffect[] = [...this.#state.members].map(startSession)
    this.#rebalance.begin(nowMs, effects)
    return effects
  }

  /** The record of a group that has just come into being. */
  create(): GroupEffect[] {
    const value = this.#state.metadata((member) => member.assignment)
    return [this.#rebalance.write(value, () => [])]
  }

  join(join: Join, nowMs: number): GroupEffect[] {
    const effects: GroupEffect[] = []
    const errorCode = joinError(this.#state, this.#limits.membersMax, join)
    if (errorCode === errorCodes.GROUP_MAX_SIZE_REACHED) {
      this.#turnAway(join, nowMs, effects)
    } else if (errorCode !== undefined) {
      effects.push(refuseJoin(join.request, join.memberId, errorCode))
    } else if (join.memberId === '') {
      this.#joinNew(join, nowMs, effects)
    } else if (this.#state.pendingJoins.has(join.memberId)) {
      this.#addMember(join, join.memberId, nowMs, effects)
    } else {
      this.#joinAgain(join, this.#state.members.get(join.memberId), nowMs, effects)
    }
    return effects
  }

  sync(sync: Sync): GroupEffect[] {
    const state = this.#state
    const errorCode = syncError(state, sync)
    if (errorCode !== undefined) return [refuseSync(sync.request, errorCode)]
    const effects: GroupEffect[] = []
    const member = state.members.get(sync.memberId)
    state.pendingSyncs.delete(sync.memberId)
    if (state.pendingSyncs.size === 0) effects.push({ kind: 'stopTimer', timer: 'sync' })
    if (state.name === 'Stable') {
      effects.push({ kind: 'answerSync', request: sync.request, response: syncSuccess(state, member) })
      return effects
    }
    // A client that asks again has given up on its first request.
    if (member.syncRequest !== undefined) effects.push(refuseSync(member.syncRequest, errorCodes.REBALANCE_IN_PROGRESS))
    member.syncRequest = sync.request
    if (member.memberId === state.leaderId) effects.push(this.#rebalance.assign(sync))
    return effects
  }

  heartbeat(heartbeat: Heartbeat): { errorCode: ErrorCode; effects: GroupEffect[] } {
    const errorCode = heartbeatError(this.#state, heartbeat)
    if (errorCode !== undefined) return { errorCode, effects: [] }
    const isRebalancing = this.#state.name === 'PreparingRebalance'
    return {
      errorCode: isRebalancing ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE,
      effects: [startSession(this.#state.members.get(heartbeat.memberId))],
    }
  }

  leave(
    identities: readonly MemberIdentity[],
    nowMs: number,
  ): { members: MemberResponseBody[]; effects: GroupEffect[] } {
    const effects: GroupEffect[] = []
    const members = identities.map(({ memberId, groupInstanceId }) => {
      return { memberId, groupInstanceId, errorCode: this.#leaveOne(memberId, groupInstanceId, effects) }
    })
    if (members.some(({ errorCode }) => errorCode === errorCodes.NONE)) this.#afterDeparture(nowMs, effects)
    return { members, effects }
  }

  timerFired(timer: string, nowMs: number): GroupEffect[] {
    const effects: GroupEffect[] = []
    if (this.#state.name === 'Dead') return effects
    if (timer === 'join') this.#rebalance.joinTimeout(nowMs, effects)
    else if (timer === 'sync') this.#rebalance.syncTimeout(nowMs, effects)
    else this.#sessionTimeout(timer.slice('session '.length), nowMs, effects)
    return effects
  }

  close(errorCode: ErrorCode): GroupEffect[] {
    const effects: GroupEffect[] = []
    for (const member of this.#state.members) {
      refuseWaitingJoin(this.#state.members, member, member.memberId, errorCode, effects)
      if (member.syncRequest !== undefined) effects.push(refuseSync(member.syncRequest, errorCode))
      member.syncRequest = undefined
    }
    this.#state.die()
    return effects
  }

  removal(): NewRecord[] {
    return [groupRecord(this.groupId, null)]
  }

  commitError(client: OffsetClient): ErrorCode | undefined {
    return commitError(this.#state, client)
  }

  committed({ memberId }: OffsetClient): GroupEffect[] {
    const { members, name } = this.#state
    const member = members.find(memberId)
    const isCounted = name === 'Stable' || name === 'PreparingRebalance'
    return member !== undefined && isCounted ? [startSession(member)] : []
  }

  fetchError(): undefined {
    return undefined
  }

  /** A consumer group whose subscriptions are unknown may be reading anything. */
  isSubscribedTo(topic: string): boolean {
    return this.#state.subscribedTopics?.has(topic) ?? this.#state.usesConsumerProtocol
  }

  offsetDeleteError(): ErrorCode | undefined {
    return this.isEmpty || this.#state.usesConsumerProtocol ? undefined : errorCodes.NON_EMPTY_GROUP
  }

  /**
   * Counted from when the group became empty, or from each commit where the group is a name only, under which consumers
   * with partitions of their own choice commit. In a group with members only topics that it no longer reads can expire.
   */
  unusedSinceMs({ commitTimestamp }: OffsetCommitValue): number | undefined {
    const { name, protocolType, stateChangedAtMs, usesConsumerProtocol, subscribedTopics } = this.#state
    if (protocolType === undefined) return commitTimestamp
    if (name === 'Empty') return stateChangedAtMs ?? commitTimestamp
    const knowsItsTopics = usesConsumerProtocol && subscribedTopics !== undefined
    return knowsItsTopics && name === 'Stable' ? commitTimestamp : undefined
  }

  #turnAway(join: Join, nowMs: number, effects: GroupEffect[]): void {
    effects.push(refuseJoin(join.request, '', errorCodes.GROUP_MAX_SIZE_REACHED))
    if (join.memberId !== '' && this.#leaveOne(join.memberId, join.groupInstanceId, effects) === errorCodes.NONE) {
      this.#afterDeparture(nowMs, effects)
    }
  }

  #joinNew(join: Join, nowMs: number, effects: GroupEffect[]): void {
    const { members, pendingJoins } = this.#state
    const oldMemberId = join.groupInstanceId === null ? undefined : members.findStaticId(join.groupInstanceId)
    if (oldMemberId !== undefined) {
      this.#staticReplacement.replace(join, oldMemberId, nowMs, effects)
    } else if (join.groupInstanceId === null && join.requiresKnownMemberId) {
      pendingJoins.add(join.newMemberId)
      effects.push({ kind: 'startTimer', timer: `session ${join.newMemberId}`, delayMs: join.sessionTimeoutMs })
      effects.push(refuseJoin(join.request, join.newMemberId, errorCodes.MEMBER_ID_REQUIRED))
    } else {
      this.#addMember(join, join.newMemberId, nowMs, effects)
    }
  }

  #addMember(join: Join, memberId: string, nowMs: number, effects: GroupEffect[]): void {
    this.#state.adoptProtocolType(join.protocolType)
    this.#state.pendingJoins.delete(memberId)
    this.#rebalance.noticeNewMember()
    this.#state.members.add({
      memberId,
      groupInstanceId: join.groupInstanceId,
      clientId: join.clientId,
      clientHost: join.clientHost,
      protocolType: join.protocolType,
      protocols: join.protocols,
      rebalanceTimeoutMs: join.rebalanceTimeoutMs,
      sessionTimeoutMs: join.sessionTimeoutMs,
      assignment: noAssignment,
      joinRequest: join.request,
      syncRequest: undefined,
      isNew: true,
    })
    const delayMs = this.#limits.newMemberJoinTimeoutMs
    effects.push({ kind: 'startTimer', timer: `session ${memberId}`, delayMs })
    this.#rebalance.beginOrContinue(nowMs, effects)
  }

  #joinAgain(join: Join, member: ClassicMember, nowMs: number, effects: GroupEffect[]): void {
    const { name } = this.#state
    const isUnchanged = hasSameProtocols(member, join.protocols)
    const isLeader = member.memberId === this.leaderId
    // The leader joins again to have partitions assigned anew when only the topics have changed, which we cannot see.
    const hasMissedItsAnswer = name === 'CompletingRebalance' && isUnchanged
    if (hasMissedItsAnswer || (name === 'Stable' && isUnchanged && !isLeader)) {
      effects.push({ kind: 'answerJoin', request: join.request, response: joinSuccess(this.#state, member) })
      return
    }
    updateMember(this.#state.members, member, join, effects)
    this.#rebalance.beginOrContinue(nowMs, effects)
  }

  #leaveOne(memberId: string, groupInstanceId: string | null, effects: GroupEffect[]): ErrorCode {
    const { members, pendingJoins } = this.#state
    if (pendingJoins.delete(memberId)) {
      effects.push({ kind: 'stopTimer', timer: `session ${memberId}` })
      return errorCodes.NONE
    }
    // An administrator removes a static member by its instance alone.
    const staticId = memberId === '' && groupInstanceId !== null ? members.findStaticId(groupInstanceId) : undefined
    const leavingId = staticId ?? memberId
    const errorCode = this.#state.memberError(leavingId, groupInstanceId)
    if (errorCode !== undefined) return errorCode
    this.#rebalance.removeMember(members.get(leavingId), effects)
    return errorCodes.NONE
  }

  #afterDeparture(nowMs: number, effects: GroupEffect[]): void {
    if (!this.isEmpty) this.#rebalance.beginOrContinue(nowMs, effects)
  }

  #sessionTimeout(memberId: string, nowMs: number, effects: GroupEffect[]): void {
    const { members, pendingJoins, name } = this.#state
    if (pendingJoins.delete(memberId)) {
      if (name === 'PreparingRebalance') this.#rebalance.completeJoinIfAllAreIn(nowMs, effects)
      return
    }
    const member = members.find(memberId)
    if (member === undefined) return
    // A member that waits for us cannot send heartbeats on that connection; the answer starts its session again.
    const isWaiting = member.joinRequest !== undefined || member.syncRequest !== undefined
    if (isWaiting && !member.isNew) return
    this.#rebalance.removeMember(member, effects)
    if (name === 'PreparingRebalance') this.#rebalance.completeJoinIfAllAreIn(nowMs, effects)
    else this.#rebalance.begin(nowMs, effects)
  }
}
