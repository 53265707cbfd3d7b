import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { MemberIdentity, MemberResponseBody } from '../protocol/messages/13-leave-group.ts'
import type { GroupMetadataValue } from '../protocol/structures/group-metadata-record.ts'
import { type ClassicMember, ClassicMembers, hasSameProtocols, protocolMetadata } from './classic-members.ts'
import { joinSuccess, noAssignment, refuseJoin, refuseSync, syncSuccess } from './group-answer.ts'
import type { GroupEffect, GroupTimer, GroupWrite, ReplacedStaticMember } from './group-effect.ts'
import { type Generation, groupMetadata, restoreMembers } from './group-metadata.ts'
import type { Heartbeat, Join, Sync } from './group-request.ts'
import { InitialRebalance } from './initial-rebalance.ts'
import { consumerProtocolType, subscribedTopics } from './subscribed-topics.ts'

export type ClassicGroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

export interface ClassicGroupLimits {
  initialRebalanceDelayMs: number
  /** How long the first JoinGroup of a member may wait: it cannot send heartbeats yet. */
  newMemberJoinTimeoutMs: number
  membersMax: number
}

/**
 * A group in the classic protocol, as Apache Kafka's coordinator runs it. A state machine without I/O: each event changes
 * the state at once and returns what is to be done about it, in order. Timers that fire and writes that finish come back
 * as events. The buffers it is given are kept.
 */
export class ClassicGroup implements Generation {
  readonly groupId: string
  readonly #limits: ClassicGroupLimits
  #members = new ClassicMembers()
  /** Ids handed out with MEMBER_ID_REQUIRED whose owners have not come back yet. */
  readonly #pendingJoins = new Set<string>()
  /** Members of this generation that have not asked for their assignment yet. */
  readonly #pendingSyncs = new Set<string>()
  #state: ClassicGroupState = 'Empty'
  #previousState: ClassicGroupState = 'Dead'
  #stateChangedAtMs: number | undefined
  #generationId = 0
  #protocolType: string | undefined
  #protocolName: string | undefined
  #subscribedTopics: ReadonlySet<string> | undefined
  #initialRebalance: InitialRebalance | undefined

  constructor(groupId: string, limits: ClassicGroupLimits, nowMs?: number) {
    this.groupId = groupId
    this.#limits = limits
    this.#stateChangedAtMs = nowMs
  }

  /** The group as its last record tells it: Stable with its members, or Empty. */
  static restore(groupId: string, limits: ClassicGroupLimits, value: GroupMetadataValue): ClassicGroup {
    const group = new ClassicGroup(groupId, limits)
    group.#generationId = value.generation
    group.#protocolType = value.protocolType === '' ? undefined : value.protocolType
    group.#protocolName = value.protocol ?? undefined
    group.#stateChangedAtMs = value.currentStateTimestamp < 0 ? undefined : value.currentStateTimestamp
    group.#members = restoreMembers(value)
    group.#state = value.members.length === 0 ? 'Empty' : 'Stable'
    group.#subscribedTopics = group.#findSubscribedTopics()
    return group
  }

  get state(): ClassicGroupState {
    return this.#state
  }

  get generationId(): number {
    return this.#generationId
  }

  get protocolType(): string | undefined {
    return this.#protocolType
  }

  get protocolName(): string | undefined {
    return this.#protocolName
  }

  /** Undefined in a group restored from a record without it. */
  get stateChangedAtMs(): number | undefined {
    return this.#stateChangedAtMs
  }

  get usesConsumerProtocol(): boolean {
    return this.#protocolType === consumerProtocolType
  }

  /** Undefined when nobody could tell; see `isSubscribedTo` for what follows from it. */
  get subscribedTopics(): ReadonlySet<string> | undefined {
    return this.#subscribedTopics
  }

  get members(): Iterable<Readonly<ClassicMember>> {
    return this.#members
  }

  get memberCount(): number {
    return this.#members.size
  }

  get leaderId(): string | undefined {
    return this.#members.leaderId
  }

  /** A consumer group whose subscriptions are unknown may be reading anything. */
  isSubscribedTo(topic: string): boolean {
    return this.#subscribedTopics?.has(topic) ?? this.usesConsumerProtocol
  }

  /** Each member gets a full session timeout from a coordinator that has just taken over. */
  activate(nowMs: number): GroupEffect[] {
    const effects: GroupEffect[] = []
    for (const member of this.#members) effects.push(startSession(member))
    if (this.#members.size > this.#limits.membersMax) this.#prepareRebalance(nowMs, effects)
    return effects
  }

  /** The record of a group that has just come into being. */
  create(): GroupEffect[] {
    return [this.#writeMembership()]
  }

  join(join: Join, nowMs: number): GroupEffect[] {
    const effects: GroupEffect[] = []
    const errorCode = this.#joinError(join)
    if (errorCode === errorCodes.GROUP_MAX_SIZE_REACHED) {
      this.#turnAway(join, nowMs, effects)
    } else if (errorCode !== undefined) {
      effects.push(refuseJoin(join.request, join.memberId, errorCode))
    } else if (join.memberId === '') {
      this.#joinNew(join, nowMs, effects)
    } else if (this.#pendingJoins.has(join.memberId)) {
      this.#addMember(join, join.memberId, nowMs, effects)
    } else {
      this.#joinAgain(join, this.#members.get(join.memberId), nowMs, effects)
    }
    return effects
  }

  sync(sync: Sync): GroupEffect[] {
    const errorCode = this.#syncError(sync)
    if (errorCode !== undefined) return [refuseSync(sync.request, errorCode)]
    const effects: GroupEffect[] = []
    const member = this.#members.get(sync.memberId)
    this.#pendingSyncs.delete(sync.memberId)
    if (this.#pendingSyncs.size === 0) effects.push({ kind: 'stopTimer', timer: 'sync' })
    if (this.#state === 'Stable') {
      effects.push({ kind: 'answerSync', request: sync.request, response: syncSuccess(this, member) })
      return effects
    }
    // A client that asks again has given up on its first request.
    if (member.syncRequest !== undefined) effects.push(refuseSync(member.syncRequest, errorCodes.REBALANCE_IN_PROGRESS))
    member.syncRequest = sync.request
    if (member.memberId === this.#members.leaderId) effects.push(this.#writeAssignments(sync))
    return effects
  }

  heartbeat(heartbeat: Heartbeat): { errorCode: ErrorCode; effects: GroupEffect[] } {
    const errorCode = this.#heartbeatError(heartbeat)
    if (errorCode !== undefined) return { errorCode, effects: [] }
    const isRebalancing = this.#state === 'PreparingRebalance'
    return {
      errorCode: isRebalancing ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE,
      effects: [startSession(this.#members.get(heartbeat.memberId))],
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

  /** What an offset commit does for the session of the member that sends it. */
  keepAlive(memberId: string): GroupEffect[] {
    const member = this.#members.find(memberId)
    const isCounted = this.#state === 'Stable' || this.#state === 'PreparingRebalance'
    return member !== undefined && isCounted ? [startSession(member)] : []
  }

  timerFired(timer: GroupTimer, nowMs: number): GroupEffect[] {
    const effects: GroupEffect[] = []
    if (this.#state === 'Dead') return effects
    if (timer === 'join') this.#joinTimeout(nowMs, effects)
    else if (timer === 'sync') this.#syncTimeout(nowMs, effects)
    else this.#sessionTimeout(timer.slice('session '.length), nowMs, effects)
    return effects
  }

  written({ purpose }: GroupWrite, errorCode: ErrorCode, nowMs: number): GroupEffect[] {
    const effects: GroupEffect[] = []
    switch (purpose.kind) {
      case 'membershipChanged':
        // A record of an empty group that is missing brings back members that time out again.
        break
      case 'assigned':
        if (this.#state !== 'CompletingRebalance' || purpose.generationId !== this.#generationId) break
        this.#assigned(purpose.assignments, errorCode, nowMs, effects)
        break
      case 'staticMemberReplaced':
        this.#staticMemberReplaced(purpose.replaced, errorCode, effects)
        break
    }
    return effects
  }

  /** Ends the group here: deleted, or led by another broker from now on. Whoever waits is told `errorCode`. */
  close(errorCode: ErrorCode): GroupEffect[] {
    const effects: GroupEffect[] = []
    for (const member of this.#members) {
      this.#answerJoinError(member, member.memberId, errorCode, effects)
      if (member.syncRequest !== undefined) effects.push(refuseSync(member.syncRequest, errorCode))
      member.syncRequest = undefined
    }
    this.#state = 'Dead'
    return effects
  }

  /** Whether this is a member, and under the id that its instance has now. */
  memberError(memberId: string, groupInstanceId: string | null): ErrorCode | undefined {
    if (groupInstanceId !== null) {
      const staticId = this.#members.findStaticId(groupInstanceId)
      if (staticId === undefined) return errorCodes.UNKNOWN_MEMBER_ID
      if (staticId !== memberId) return errorCodes.FENCED_INSTANCE_ID
    }
    return this.#members.has(memberId) ? undefined : errorCodes.UNKNOWN_MEMBER_ID
  }

  #joinError(join: Join): ErrorCode | undefined {
    if (this.#state === 'Dead') return errorCodes.COORDINATOR_NOT_AVAILABLE
    if (!this.#hasRoomFor(join.memberId)) return errorCodes.GROUP_MAX_SIZE_REACHED
    if (!this.#supports(join)) return errorCodes.INCONSISTENT_GROUP_PROTOCOL
    if (join.memberId === '') return undefined
    // An id that is pending was given to a dynamic member.
    if (this.#pendingJoins.has(join.memberId)) {
      return join.groupInstanceId === null ? undefined : errorCodes.UNKNOWN_MEMBER_ID
    }
    return this.memberError(join.memberId, join.groupInstanceId)
  }

  /** While a rebalance is prepared those who have joined count, so that the last to come back are the ones left out. */
  #hasRoomFor(memberId: string): boolean {
    switch (this.#state) {
      case 'Empty':
      case 'Dead':
        return true
      case 'PreparingRebalance':
        if (this.#members.find(memberId)?.joinRequest !== undefined) return true
        return this.#members.joiningCount < this.#limits.membersMax
      case 'CompletingRebalance':
      case 'Stable':
        return this.#members.has(memberId) || this.#members.size < this.#limits.membersMax
    }
  }

  #turnAway(join: Join, nowMs: number, effects: GroupEffect[]): void {
    effects.push(refuseJoin(join.request, '', errorCodes.GROUP_MAX_SIZE_REACHED))
    if (join.memberId !== '' && this.#leaveOne(join.memberId, join.groupInstanceId, effects) === errorCodes.NONE) {
      this.#afterDeparture(nowMs, effects)
    }
  }

  #supports({ protocolType, protocols }: Join): boolean {
    if (protocolType === '' || protocols.length === 0) return false
    if (this.#state === 'Empty') return true
    return protocolType === this.#protocolType && this.#members.supportAnyOf(protocols)
  }

  #joinNew(join: Join, nowMs: number, effects: GroupEffect[]): void {
    const oldMemberId = join.groupInstanceId === null ? undefined : this.#members.findStaticId(join.groupInstanceId)
    if (oldMemberId !== undefined) {
      this.#replaceStaticMember(join, oldMemberId, nowMs, effects)
    } else if (join.groupInstanceId === null && join.requiresKnownMemberId) {
      this.#pendingJoins.add(join.newMemberId)
      effects.push({ kind: 'startTimer', timer: `session ${join.newMemberId}`, delayMs: join.sessionTimeoutMs })
      effects.push(refuseJoin(join.request, join.newMemberId, errorCodes.MEMBER_ID_REQUIRED))
    } else {
      this.#addMember(join, join.newMemberId, nowMs, effects)
    }
  }

  #addMember(join: Join, memberId: string, nowMs: number, effects: GroupEffect[]): void {
    if (this.#members.size === 0) this.#protocolType = join.protocolType
    this.#pendingJoins.delete(memberId)
    this.#initialRebalance?.noticeMember()
    this.#members.add({
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
    this.#rebalanceOrCompleteJoin(nowMs, effects)
  }

  #joinAgain(join: Join, member: ClassicMember, nowMs: number, effects: GroupEffect[]): void {
    const isUnchanged = hasSameProtocols(member, join.protocols)
    const isLeader = member.memberId === this.#members.leaderId
    // The leader joins again to have partitions assigned anew when only the topics have changed, which we cannot see.
    const hasMissedItsAnswer = this.#state === 'CompletingRebalance' && isUnchanged
    if (hasMissedItsAnswer || (this.#state === 'Stable' && isUnchanged && !isLeader)) {
      effects.push({ kind: 'answerJoin', request: join.request, response: joinSuccess(this, member) })
      return
    }
    this.#updateMember(member, join, effects)
    this.#rebalanceOrCompleteJoin(nowMs, effects)
  }

  #updateMember(member: ClassicMember, join: Join, effects: GroupEffect[]): void {
    // A client that asks again has given up on its first request.
    this.#answerJoinError(member, member.memberId, errorCodes.REBALANCE_IN_PROGRESS, effects)
    this.#members.setProtocols(member, join.protocols)
    member.rebalanceTimeoutMs = join.rebalanceTimeoutMs
    member.sessionTimeoutMs = join.sessionTimeoutMs
    this.#members.setJoinRequest(member, join.request)
  }

  /** The process behind a static member was restarted: it takes the old one's place, and the old one is fenced. */
  #replaceStaticMember(join: Join, oldMemberId: string, nowMs: number, effects: GroupEffect[]): void {
    const oldLeaderId = this.#members.leaderId
    const old = this.#members.get(oldMemberId)
    this.#answerJoinError(old, oldMemberId, errorCodes.FENCED_INSTANCE_ID, effects)
    if (old.syncRequest !== undefined) effects.push(refuseSync(old.syncRequest, errorCodes.FENCED_INSTANCE_ID))
    old.syncRequest = undefined
    const member = this.#members.replaceStatic(oldMemberId, join.newMemberId)
    if (this.#pendingSyncs.delete(oldMemberId)) this.#pendingSyncs.add(member.memberId)
    effects.push({ kind: 'stopTimer', timer: `session ${oldMemberId}` })
    this.#updateMember(member, join, effects)
    effects.push(startSession(member))
    if (this.#state === 'Stable' && this.#members.electProtocol() === this.#protocolName) {
      const { canSkipAssignment } = join
      const replaced = { memberId: member.memberId, old, oldLeaderId, canSkipAssignment }
      const value = groupMetadata(this, (other) => other.assignment)
      effects.push({ kind: 'write', write: { value, purpose: { kind: 'staticMemberReplaced', replaced } } })
    } else {
      // While the leader computes assignments it may use the old id, so the newcomer would get none: start again.
      this.#rebalanceOrCompleteJoin(nowMs, effects)
    }
  }

  #staticMemberReplaced(replaced: ReplacedStaticMember, errorCode: ErrorCode, effects: GroupEffect[]): void {
    const member = this.#members.find(replaced.memberId)
    if (member === undefined || this.#state !== 'Stable') return
    if (errorCode !== errorCodes.NONE) {
      this.#answerJoinError(member, '', errorCode, effects)
      const { old } = replaced
      const restored = this.#members.replaceStatic(replaced.memberId, old.memberId)
      this.#members.setProtocols(restored, old.protocols)
      restored.rebalanceTimeoutMs = old.rebalanceTimeoutMs
      restored.sessionTimeoutMs = old.sessionTimeoutMs
      effects.push({ kind: 'stopTimer', timer: `session ${replaced.memberId}` }, startSession(restored))
      return
    }
    const request = this.#members.takeJoinRequest(member)
    if (request === undefined) return
    const joined = joinSuccess(this, member)
    const isLeader = member.memberId === this.#members.leaderId
    // Before v9 a leader could not be told to keep the assignments it has forgotten, so it is told that another leads.
    const response = replaced.canSkipAssignment
      ? { ...joined, skipAssignment: isLeader }
      : { ...joined, leader: replaced.oldLeaderId ?? '', members: [] }
    effects.push({ kind: 'answerJoin', request, response })
  }

  #leaveOne(memberId: string, groupInstanceId: string | null, effects: GroupEffect[]): ErrorCode {
    if (this.#pendingJoins.delete(memberId)) {
      effects.push({ kind: 'stopTimer', timer: `session ${memberId}` })
      return errorCodes.NONE
    }
    // An administrator removes a static member by its instance alone.
    const staticId =
      memberId === '' && groupInstanceId !== null ? this.#members.findStaticId(groupInstanceId) : undefined
    const leavingId = staticId ?? memberId
    const errorCode = this.memberError(leavingId, groupInstanceId)
    if (errorCode !== undefined) return errorCode
    this.#removeMember(this.#members.get(leavingId), effects)
    return errorCodes.NONE
  }

  /** A consumer whose join still waits is told UNKNOWN_MEMBER_ID and starts over. */
  #removeMember(member: ClassicMember, effects: GroupEffect[]): void {
    this.#answerJoinError(member, '', errorCodes.UNKNOWN_MEMBER_ID, effects)
    if (member.syncRequest !== undefined) effects.push(refuseSync(member.syncRequest, errorCodes.UNKNOWN_MEMBER_ID))
    effects.push({ kind: 'stopTimer', timer: `session ${member.memberId}` })
    this.#pendingSyncs.delete(member.memberId)
    this.#members.remove(member.memberId)
  }

  #afterDeparture(nowMs: number, effects: GroupEffect[]): void {
    if (this.#state !== 'Empty') this.#rebalanceOrCompleteJoin(nowMs, effects)
  }

  #rebalanceOrCompleteJoin(nowMs: number, effects: GroupEffect[]): void {
    if (this.#state !== 'PreparingRebalance') this.#prepareRebalance(nowMs, effects)
    else if (this.#previousState !== 'Empty') this.#completeJoinIfAllAreIn(nowMs, effects)
  }

  #prepareRebalance(nowMs: number, effects: GroupEffect[]): void {
    if (this.#state === 'CompletingRebalance') {
      for (const member of this.#members) member.assignment = noAssignment
      this.#answerSyncs(errorCodes.REBALANCE_IN_PROGRESS, effects)
    }
    this.#pendingSyncs.clear()
    effects.push({ kind: 'stopTimer', timer: 'sync' })
    const isInitial = this.#state === 'Empty'
    this.#transitionTo('PreparingRebalance', nowMs)
    if (isInitial) {
      const delayMs = this.#limits.initialRebalanceDelayMs
      this.#initialRebalance = new InitialRebalance(delayMs, this.#members.rebalanceTimeoutMs)
      effects.push({ kind: 'startTimer', timer: 'join', delayMs })
    } else {
      effects.push({ kind: 'startTimer', timer: 'join', delayMs: this.#members.rebalanceTimeoutMs })
      this.#completeJoinIfAllAreIn(nowMs, effects)
    }
  }

  #completeJoinIfAllAreIn(nowMs: number, effects: GroupEffect[]): void {
    if (this.#members.haveAllJoined && this.#pendingJoins.size === 0) this.#completeJoin(nowMs, effects)
  }

  /** The next generation begins with those who have joined, and with static members, who keep their place until they time out. */
  #completeJoin(nowMs: number, effects: GroupEffect[]): void {
    effects.push({ kind: 'stopTimer', timer: 'join' })
    this.#initialRebalance = undefined
    for (const member of [...this.#members]) {
      if (member.joinRequest === undefined && member.groupInstanceId === null) this.#removeMember(member, effects)
    }
    if (!this.#members.electJoinedLeader() && this.#members.size > 0) {
      effects.push({ kind: 'startTimer', timer: 'join', delayMs: this.#members.rebalanceTimeoutMs })
      return
    }
    this.#generationId += 1
    this.#pendingSyncs.clear()
    this.#protocolName = this.#members.size === 0 ? undefined : this.#members.electProtocol()
    this.#subscribedTopics = this.#findSubscribedTopics()
    if (this.#members.size === 0) {
      this.#transitionTo('Empty', nowMs)
      effects.push(this.#writeMembership())
      return
    }
    this.#transitionTo('CompletingRebalance', nowMs)
    for (const member of this.#members) {
      const request = this.#members.takeJoinRequest(member)
      if (request !== undefined) effects.push({ kind: 'answerJoin', request, response: joinSuccess(this, member) })
      member.isNew = false
      this.#pendingSyncs.add(member.memberId)
      effects.push(startSession(member))
    }
    effects.push({ kind: 'startTimer', timer: 'sync', delayMs: this.#members.rebalanceTimeoutMs })
  }

  #writeAssignments(sync: Sync): GroupEffect {
    const given = new Map(sync.assignments.map(({ memberId, assignment }) => [memberId, assignment]))
    const assignments = new Map<string, Buffer>()
    for (const { memberId } of this.#members) assignments.set(memberId, given.get(memberId) ?? noAssignment)
    const value = groupMetadata(this, (member) => assignments.get(member.memberId) ?? noAssignment)
    const generationId = this.#generationId
    return { kind: 'write', write: { value, purpose: { kind: 'assigned', generationId, assignments } } }
  }

  #assigned(
    assignments: ReadonlyMap<string, Buffer>,
    errorCode: ErrorCode,
    nowMs: number,
    effects: GroupEffect[],
  ): void {
    if (errorCode !== errorCodes.NONE) {
      for (const member of this.#members) member.assignment = noAssignment
      this.#answerSyncs(errorCode, effects)
      this.#prepareRebalance(nowMs, effects)
      return
    }
    for (const member of this.#members) member.assignment = assignments.get(member.memberId) ?? noAssignment
    this.#answerSyncs(errorCodes.NONE, effects)
    this.#transitionTo('Stable', nowMs)
  }

  #joinTimeout(nowMs: number, effects: GroupEffect[]): void {
    if (this.#state !== 'PreparingRebalance') return
    const delayMs = this.#initialRebalance?.nextDelayMs()
    if (delayMs === undefined) this.#completeJoin(nowMs, effects)
    else effects.push({ kind: 'startTimer', timer: 'join', delayMs })
  }

  /** Members that joined and never asked for their assignment hold partitions that nobody reads. */
  #syncTimeout(nowMs: number, effects: GroupEffect[]): void {
    if (this.#pendingSyncs.size === 0) return
    for (const memberId of [...this.#pendingSyncs]) this.#removeMember(this.#members.get(memberId), effects)
    this.#prepareRebalance(nowMs, effects)
  }

  #sessionTimeout(memberId: string, nowMs: number, effects: GroupEffect[]): void {
    if (this.#pendingJoins.delete(memberId)) {
      if (this.#state === 'PreparingRebalance') this.#completeJoinIfAllAreIn(nowMs, effects)
      return
    }
    const member = this.#members.find(memberId)
    if (member === undefined) return
    // A member that waits for us cannot send heartbeats on that connection; the answer starts its session again.
    const isWaiting = member.joinRequest !== undefined || member.syncRequest !== undefined
    if (isWaiting && !member.isNew) return
    this.#removeMember(member, effects)
    if (this.#state === 'PreparingRebalance') this.#completeJoinIfAllAreIn(nowMs, effects)
    else this.#prepareRebalance(nowMs, effects)
  }

  #syncError(sync: Sync): ErrorCode | undefined {
    if (this.#state === 'Dead') return errorCodes.COORDINATOR_NOT_AVAILABLE
    const errorCode = this.memberError(sync.memberId, sync.groupInstanceId)
    if (errorCode !== undefined) return errorCode
    if (sync.generationId !== this.#generationId) return errorCodes.ILLEGAL_GENERATION
    if (differs(sync.protocolType, this.#protocolType) || differs(sync.protocolName, this.#protocolName)) {
      return errorCodes.INCONSISTENT_GROUP_PROTOCOL
    }
    return this.#state === 'PreparingRebalance' ? errorCodes.REBALANCE_IN_PROGRESS : undefined
  }

  #heartbeatError({ memberId, groupInstanceId, generationId }: Heartbeat): ErrorCode | undefined {
    if (this.#state === 'Dead') return errorCodes.COORDINATOR_NOT_AVAILABLE
    const errorCode = this.memberError(memberId, groupInstanceId)
    if (errorCode !== undefined) return errorCode
    return generationId === this.#generationId ? undefined : errorCodes.ILLEGAL_GENERATION
  }

  #transitionTo(state: ClassicGroupState, nowMs: number): void {
    this.#previousState = this.#state
    this.#state = state
    this.#stateChangedAtMs = nowMs
  }

  #findSubscribedTopics(): ReadonlySet<string> | undefined {
    if (!this.usesConsumerProtocol) return undefined
    const protocolName = this.#protocolName
    if (protocolName === undefined) return this.#members.size === 0 ? new Set() : undefined
    return subscribedTopics([...this.#members].map((member) => protocolMetadata(member, protocolName)))
  }

  /** A session that ended while its member waited was ignored, so each answer starts it anew. */
  #answerSyncs(errorCode: ErrorCode, effects: GroupEffect[]): void {
    for (const member of this.#members) {
      const request = member.syncRequest
      if (request === undefined) continue
      member.syncRequest = undefined
      if (errorCode !== errorCodes.NONE) effects.push(refuseSync(request, errorCode))
      else effects.push({ kind: 'answerSync', request, response: syncSuccess(this, member) })
      effects.push(startSession(member))
    }
  }

  #answerJoinError(member: ClassicMember, memberId: string, errorCode: ErrorCode, effects: GroupEffect[]): void {
    const request = this.#members.takeJoinRequest(member)
    if (request !== undefined) effects.push(refuseJoin(request, memberId, errorCode))
  }

  #writeMembership(): GroupEffect {
    const value = groupMetadata(this, (member) => member.assignment)
    return { kind: 'write', write: { value, purpose: { kind: 'membershipChanged' } } }
  }
}

function startSession(member: Readonly<ClassicMember>): GroupEffect {
  return { kind: 'startTimer', timer: `session ${member.memberId}`, delayMs: member.sessionTimeoutMs }
}

/** Clients before v5 name neither. */
function differs(asked: string | null, actual: string | undefined): boolean {
  return asked !== null && actual !== undefined && asked !== actual
}
