import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { JoinGroupResponseBody } from '../../protocol/messages/11-join-group.ts'
import type { MemberIdentity, MemberResponseBody } from '../../protocol/messages/13-leave-group.ts'
import type { SyncGroupResponseBody } from '../../protocol/messages/14-sync-group.ts'
import { joinFailure, syncFailure } from '../classic/classic-answer.ts'
import type { Heartbeat, Join, Sync } from '../classic/classic-request.ts'
import type { GroupEffect } from '../group-effect.ts'
import { consumerProtocolType } from '../subscribed-topics.ts'
import type { ConsumerGroupState } from './consumer-group-state.ts'
import {
  type ConsumerMember,
  type MemberMetadata,
  memberStates,
  newMemberMetadata,
  newMemberPosition,
  usesClassicProtocol,
} from './consumer-member.ts'
import { type ClassicSubscription, decodeSubscription, encodeAssignment } from './consumer-protocol.ts'
import type { ConsumerGroupContext, ConsumerRebalance } from './consumer-rebalance.ts'

interface Result<Response> {
  readonly response: Response
  readonly effects: readonly GroupEffect[]
}

/**
 * Members of a consumer group that still speak the classic protocol. To them the group looks like one whose leader is always
 * somebody else: a heartbeat tells them to join again, and what they get in SyncGroup the coordinator has assigned.
 */
export class EmbeddedClassicMembers {
  readonly #state: ConsumerGroupState
  readonly #rebalance: ConsumerRebalance
  readonly #context: ConsumerGroupContext

  constructor(state: ConsumerGroupState, rebalance: ConsumerRebalance, context: ConsumerGroupContext) {
    this.#state = state
    this.#rebalance = rebalance
    this.#context = context
  }

  join(join: Omit<Join, 'request'>, nowMs: number): Result<JoinGroupResponseBody> {
    const subscription = this.#subscriptionOf(join)
    const errorCode = subscription === undefined ? errorCodes.INCONSISTENT_GROUP_PROTOCOL : this.#joinError(join)
    if (errorCode !== undefined || subscription === undefined) {
      const refusedId = errorCode === errorCodes.MEMBER_ID_REQUIRED ? join.newMemberId : join.memberId
      return { response: joinFailure(refusedId, errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR), effects: [] }
    }
    const before = this.#memberOf(join)
    const owned = subscription.ownedPartitions
    const member = this.#rebalance.advance(before, metadataOf(join, subscription), owned, nowMs)
    const { memberId, memberEpoch: generationId } = member
    this.#rebalance.stopTimer(`join ${memberId}`)
    this.#rebalance.startTimer(`session ${memberId}`, join.sessionTimeoutMs)
    this.#rebalance.startTimer(`sync ${memberId}`, join.rebalanceTimeoutMs)
    return {
      response: {
        errorCode: errorCodes.NONE,
        generationId,
        protocolType: consumerProtocolType,
        protocolName: join.protocols[0]?.name ?? null,
        leader: '',
        memberId,
        members: [],
      },
      effects: this.#rebalance.takeEffects(),
    }
  }

  sync(sync: Omit<Sync, 'request'>): Result<SyncGroupResponseBody> {
    const member = this.#find(sync.memberId, sync.groupInstanceId)
    if (typeof member === 'number') return { response: syncFailure(member), effects: [] }
    const errorCode = this.#syncError(member, sync)
    if (errorCode === errorCodes.REBALANCE_IN_PROGRESS) this.#expectJoin(member)
    if (errorCode !== undefined) return { response: syncFailure(errorCode), effects: this.#rebalance.takeEffects() }
    this.#rebalance.stopTimer(`sync ${member.memberId}`)
    const protocol = member.metadata.classicMemberMetadata?.supportedProtocols[0]
    return {
      response: {
        errorCode: errorCodes.NONE,
        protocolType: consumerProtocolType,
        protocolName: protocol?.name ?? null,
        assignment: encodeAssignment(member.assigned, this.#context.topics, protocol?.metadata),
      },
      effects: this.#rebalance.takeEffects(),
    }
  }

  heartbeat(heartbeat: Heartbeat): { errorCode: ErrorCode; effects: readonly GroupEffect[] } {
    const member = this.#find(heartbeat.memberId, heartbeat.groupInstanceId)
    if (typeof member === 'number') return { errorCode: member, effects: [] }
    if (heartbeat.generationId !== member.memberEpoch) return { errorCode: errorCodes.ILLEGAL_GENERATION, effects: [] }
    const { memberId, metadata } = member
    this.#rebalance.startTimer(`session ${memberId}`, metadata.classicMemberMetadata?.sessionTimeoutMs ?? 0)
    const mustJoin = this.#mustJoin(member)
    if (mustJoin) this.#expectJoin(member)
    const errorCode = mustJoin ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE
    return { errorCode, effects: this.#rebalance.takeEffects() }
  }

  /** Whatever protocol the members speak; an administrator may remove one by its instance alone. */
  leave(identities: readonly MemberIdentity[]): {
    members: MemberResponseBody[]
    leaving: readonly ConsumerMember[]
  } {
    const leaving: ConsumerMember[] = []
    const members = identities.map(({ memberId, groupInstanceId }) => {
      const byInstance = memberId === '' && groupInstanceId !== null
      const member = byInstance ? this.#state.findStatic(groupInstanceId) : this.#findAny(memberId, groupInstanceId)
      if (member === undefined) return { memberId, groupInstanceId, errorCode: errorCodes.UNKNOWN_MEMBER_ID }
      if (typeof member === 'number') return { memberId, groupInstanceId, errorCode: member }
      leaving.push(member)
      return { memberId, groupInstanceId, errorCode: errorCodes.NONE }
    })
    return { members, leaving }
  }

  #joinError(join: Omit<Join, 'request'>): ErrorCode | undefined {
    const { memberId, groupInstanceId, protocols, protocolType } = join
    const isMember = this.#state.members.has(memberId)
    if (!isMember && this.#state.members.size >= this.#context.membersMax) return errorCodes.GROUP_MAX_SIZE_REACHED
    if (protocolType !== consumerProtocolType) return errorCodes.INCONSISTENT_GROUP_PROTOCOL
    const others = [...this.#state.members.values()].filter((member) => {
      return usesClassicProtocol(member) && member.memberId !== memberId
    })
    const isSupported = protocols.some(({ name }) => others.every((member) => supports(member, name)))
    if (!isSupported) return errorCodes.INCONSISTENT_GROUP_PROTOCOL
    if (memberId === '' && groupInstanceId === null && join.requiresKnownMemberId) return errorCodes.MEMBER_ID_REQUIRED
    if (groupInstanceId === null || memberId === '') return undefined
    const current = this.#state.findStatic(groupInstanceId)
    if (current === undefined) return errorCodes.UNKNOWN_MEMBER_ID
    return current.memberId === memberId ? undefined : errorCodes.FENCED_INSTANCE_ID
  }

  #subscriptionOf({ protocols }: Pick<Join, 'protocols'>): ClassicSubscription | undefined {
    const [first] = protocols
    return first === undefined ? undefined : decodeSubscription(first.metadata, this.#context.topics)
  }

  #memberOf(join: Omit<Join, 'request'>): ConsumerMember {
    const memberId = join.memberId === '' ? join.newMemberId : join.memberId
    const current =
      join.groupInstanceId === null ? this.#state.find(memberId) : this.#state.findStatic(join.groupInstanceId)
    if (current === undefined) return { memberId, ...newMemberPosition, metadata: newMemberMetadata }
    if (current.memberId === memberId) return current
    return this.#rebalance.replaceStatic(current, memberId, this.#state.targetEpoch)
  }

  #find(memberId: string, groupInstanceId: string | null): ConsumerMember | ErrorCode {
    const member = this.#findAny(memberId, groupInstanceId)
    return typeof member === 'number' || usesClassicProtocol(member) ? member : errorCodes.UNKNOWN_MEMBER_ID
  }

  #findAny(memberId: string, groupInstanceId: string | null): ConsumerMember | ErrorCode {
    if (groupInstanceId !== null) {
      const current = this.#state.findStatic(groupInstanceId)
      if (current === undefined) return errorCodes.UNKNOWN_MEMBER_ID
      if (current.memberId !== memberId) return errorCodes.FENCED_INSTANCE_ID
    }
    return this.#state.find(memberId) ?? errorCodes.UNKNOWN_MEMBER_ID
  }

  #syncError(member: ConsumerMember, sync: Omit<Sync, 'request'>): ErrorCode | undefined {
    if (sync.generationId !== member.memberEpoch) return errorCodes.ILLEGAL_GENERATION
    const { protocolType, protocolName } = sync
    const isOther = protocolType !== null && protocolType !== consumerProtocolType
    if (isOther || (protocolName !== null && !supports(member, protocolName))) {
      return errorCodes.INCONSISTENT_GROUP_PROTOCOL
    }
    // One that gives up partitions has joined already; it is told to join again when it has.
    const isBehind = this.#state.epoch > member.memberEpoch && member.state !== memberStates.unrevokedPartitions
    return isBehind ? errorCodes.REBALANCE_IN_PROGRESS : undefined
  }

  #mustJoin(member: ConsumerMember): boolean {
    if (member.memberEpoch < this.#state.epoch || member.state === memberStates.unrevokedPartitions) return true
    return member.state === memberStates.unreleasedPartitions && !this.#isWaitingForOthers(member)
  }

  #isWaitingForOthers({ memberId, assigned }: ConsumerMember): boolean {
    for (const [topicId, partitions] of this.#state.targetOf(memberId)) {
      for (const partition of partitions) {
        if (assigned.get(topicId)?.has(partition)) continue
        if (this.#state.ownerOf(topicId, partition) !== undefined) return true
      }
    }
    return false
  }

  #expectJoin({ memberId, metadata }: ConsumerMember): void {
    this.#rebalance.startTimerOnce(`join ${memberId}`, metadata.rebalanceTimeoutMs)
  }
}

function metadataOf(join: Omit<Join, 'request'>, subscription: ClassicSubscription): MemberMetadata {
  return {
    instanceId: join.groupInstanceId,
    rackId: subscription.rackId,
    clientId: join.clientId,
    clientHost: join.clientHost,
    subscribedTopicNames: [...subscription.topics].sort(),
    subscribedTopicRegex: null,
    rebalanceTimeoutMs: join.rebalanceTimeoutMs,
    serverAssignor: null,
    classicMemberMetadata: {
      sessionTimeoutMs: join.sessionTimeoutMs,
      supportedProtocols: join.protocols.map(({ name, metadata }) => ({ name, metadata })),
    },
  }
}

function supports({ metadata }: ConsumerMember, protocolName: string): boolean {
  return metadata.classicMemberMetadata?.supportedProtocols.some(({ name }) => name === protocolName) ?? false
}
