import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import type { ConsumerGroupHeartbeatResponseBody } from '../../protocol/messages/68-consumer-group-heartbeat.ts'
import type { OffsetCommitValue } from '../../protocol/structures/offset-commit-record.ts'
import type { NewRecord } from '../../record/build-batch.ts'
import type { Group, OffsetClient } from '../group.ts'
import type { GroupEffect } from '../group-effect.ts'
import type { TopicPartition } from '../offsets.ts'
import { consumerProtocolType } from '../subscribed-topics.ts'
import { hasSamePartitions, nothingAssigned, topicPartitionsOf } from './assignment.ts'
import { commitError, fetchError } from './consumer-admission.ts'
import { ConsumerGroupState, type ConsumerGroupStateName } from './consumer-group-state.ts'
import { type ConsumerHeartbeat, isFullRequest, metadataAfter, requireEpoch } from './consumer-heartbeat.ts'
import {
  type ConsumerMember,
  leaveEpoch,
  leftForNowEpoch,
  memberStates,
  newMemberMetadata,
  newMemberPosition,
  usesClassicProtocol,
} from './consumer-member.ts'
import { type ConsumerGroupContext, ConsumerRebalance } from './consumer-rebalance.ts'
import { type ConsumerRecord, encodeConsumerRecord } from './consumer-record.ts'
import { EmbeddedClassicMembers } from './embedded-classic-members.ts'

interface HeartbeatResult {
  readonly response: ConsumerGroupHeartbeatResponseBody
  readonly effects: readonly GroupEffect[]
}

/**
 * A group in the protocol of KIP-848, in which the coordinator assigns and each member goes to its part at its own pace. It
 * may have members that still speak the classic protocol. Its state is its records, which are applied before they are
 * written.
 */
export class ConsumerGroup implements Group {
  readonly type = 'consumer'
  readonly protocolType = consumerProtocolType
  readonly expires = true
  readonly groupId: string
  readonly classicMembers: EmbeddedClassicMembers
  readonly #state = new ConsumerGroupState()
  readonly #context: ConsumerGroupContext
  readonly #rebalance: ConsumerRebalance
  #isClosed = false

  constructor(groupId: string, context: ConsumerGroupContext) {
    this.groupId = groupId
    this.#context = context
    this.#rebalance = new ConsumerRebalance(groupId, this.#state, context)
    this.classicMembers = new EmbeddedClassicMembers(this.#state, this.#rebalance, context)
  }

  get state(): ConsumerGroupStateName {
    return this.#isClosed ? 'Dead' : this.#state.name
  }

  get isEmpty(): boolean {
    return this.#state.members.size === 0
  }

  get groupEpoch(): number {
    return this.#state.epoch
  }

  get targetEpoch(): number {
    return this.#state.targetEpoch
  }

  get members(): Iterable<ConsumerMember> {
    return this.#state.members.values()
  }

  get memberCount(): number {
    return this.#state.members.size
  }

  get classicMemberCount(): number {
    return this.#state.classicMembers
  }

  get assignorName(): string {
    return this.#state.preferredAssignor() ?? this.#context.assignors[0] ?? 'uniform'
  }

  targetOf(memberId: string) {
    return this.#state.targetOf(memberId)
  }

  find(memberId: string): ConsumerMember | undefined {
    return this.#state.find(memberId)
  }

  /** From the log, or a record that makes the group what a classic one was. */
  apply(record: ConsumerRecord): void {
    this.#state.apply(record)
  }

  /** Hears that topics were created, changed or deleted. */
  topicsChanged(names: Iterable<string>): void {
    for (const name of names) {
      if (!this.#state.isSubscribedTo(name)) continue
      this.#rebalance.requestRefresh()
      return
    }
  }

  activate(nowMs: number): GroupEffect[] {
    for (const member of this.#state.members.values()) {
      this.#startSession(member)
      if (member.state === memberStates.unrevokedPartitions) {
        this.#rebalance.startTimer(`rebalance ${member.memberId}`, member.metadata.rebalanceTimeoutMs)
      }
    }
    if (!this.isEmpty) this.#rebalance.assignIfDue(nowMs)
    return this.#rebalance.takeEffects()
  }

  /** @throws KafkaError, and then nothing has changed. */
  heartbeat(heartbeat: ConsumerHeartbeat, nowMs: number): HeartbeatResult {
    const { memberEpoch } = heartbeat
    if (memberEpoch === leaveEpoch || memberEpoch === leftForNowEpoch) return this.#leave(heartbeat, nowMs)
    if (!this.#state.members.has(heartbeat.memberId) && this.#state.members.size >= this.#context.membersMax) {
      throw new KafkaError(
        errorCodes.GROUP_MAX_SIZE_REACHED,
        `The consumer group has reached its maximum capacity of ${this.#context.membersMax} members.`,
      )
    }
    const before = heartbeat.instanceId === undefined ? this.#dynamicMember(heartbeat) : this.#staticMember(heartbeat)
    const member = this.#rebalance.advance(before, metadataAfter(before.metadata, heartbeat), heartbeat.owned, nowMs)
    this.#startSession(member)
    const { heartbeatIntervalMs } = this.#context.configOf(this.groupId)
    const isTold = memberEpoch === 0 || isFullRequest(heartbeat) || !hasSamePartitions(before.assigned, member.assigned)
    const { memberId } = member
    return {
      response: {
        errorCode: errorCodes.NONE,
        throttleTimeMs: 0,
        memberId,
        memberEpoch: member.memberEpoch,
        heartbeatIntervalMs,
        assignment: isTold ? { topicPartitions: topicPartitionsOf(member.assigned) } : null,
      },
      effects: this.#rebalance.takeEffects(),
    }
  }

  timerFired(timer: string, nowMs: number): readonly GroupEffect[] {
    if (timer === 'assign') {
      this.#rebalance.assignIfDue(nowMs)
      return this.#rebalance.takeEffects()
    }
    const separator = timer.indexOf(' ')
    const kind = timer.slice(0, separator)
    const member = this.#state.find(timer.slice(separator + 1))
    if (member === undefined) return []
    const isOverdue = kind !== 'rebalance' || member.state === memberStates.unrevokedPartitions
    return isOverdue ? this.remove([member.memberId], nowMs) : []
  }

  /** Fences these members, or lets them go. When only classic members are left the group may become a classic one. */
  remove(memberIds: readonly string[], nowMs: number): readonly GroupEffect[] {
    const downgrade = memberIds.length > 0 && this.#context.downgrade(this, new Set(memberIds), nowMs)
    if (downgrade) return downgrade
    this.#rebalance.remove(memberIds, nowMs)
    return this.#rebalance.takeEffects()
  }

  close(): GroupEffect[] {
    this.#isClosed = true
    return []
  }

  removal(): NewRecord[] {
    return [...this.#state.removal()].map((record) => encodeConsumerRecord(this.groupId, record))
  }

  commitError(client: OffsetClient, offsets: readonly TopicPartition[]): ErrorCode | undefined {
    return commitError(this.#state, this.#context.topics, client, offsets)
  }

  committed(): GroupEffect[] {
    return []
  }

  fetchError(client: OffsetClient): ErrorCode | undefined {
    return fetchError(this.#state, client)
  }

  isSubscribedTo(topic: string): boolean {
    return this.#state.isSubscribedTo(topic)
  }

  offsetDeleteError(): undefined {
    return undefined
  }

  unusedSinceMs({ commitTimestamp }: OffsetCommitValue): number {
    return commitTimestamp
  }

  #dynamicMember(heartbeat: ConsumerHeartbeat): ConsumerMember {
    const member = this.#state.find(heartbeat.memberId)
    if (member === undefined) {
      if (heartbeat.memberEpoch !== 0) throw unknownMember(heartbeat.memberId, this.groupId)
      return newMember(heartbeat.memberId)
    }
    requireEpoch(member, heartbeat)
    return member
  }

  #staticMember(heartbeat: ConsumerHeartbeat): ConsumerMember {
    const { memberId, memberEpoch, instanceId = '' } = heartbeat
    const member = this.#state.findStatic(instanceId)
    if (memberEpoch !== 0) {
      const known = this.#requireStatic(heartbeat, member)
      requireEpoch(known, heartbeat)
      return known
    }
    if (member === undefined) return newMember(memberId)
    if (member.memberId === memberId) return member
    if (member.memberEpoch !== leftForNowEpoch && !usesClassicProtocol(member)) {
      throw new KafkaError(
        errorCodes.UNRELEASED_INSTANCE_ID,
        `Instance ${instanceId} is still held by member ${member.memberId}; ${memberId} cannot take its place yet.`,
      )
    }
    return this.#rebalance.replaceStatic(member, memberId, 0)
  }

  #requireStatic({ memberId, instanceId }: ConsumerHeartbeat, member: ConsumerMember | undefined): ConsumerMember {
    if (member === undefined) {
      throw new KafkaError(errorCodes.UNKNOWN_MEMBER_ID, `Instance id ${instanceId} is unknown.`)
    }
    if (member.memberId !== memberId) {
      throw new KafkaError(
        errorCodes.FENCED_INSTANCE_ID,
        `Static member ${memberId} with instance id ${instanceId} was fenced by member ${member.memberId}.`,
      )
    }
    return member
  }

  #leave(heartbeat: ConsumerHeartbeat, nowMs: number): HeartbeatResult {
    const { memberId, memberEpoch, instanceId } = heartbeat
    const dynamic = this.#state.find(memberId)
    const member =
      instanceId === undefined ? dynamic : this.#requireStatic(heartbeat, this.#state.findStatic(instanceId))
    if (member === undefined) throw unknownMember(memberId, this.groupId)
    const response = { errorCode: errorCodes.NONE, throttleTimeMs: 0, memberId, memberEpoch, heartbeatIntervalMs: 0 }
    if (memberEpoch !== leftForNowEpoch || instanceId === undefined) {
      return { response, effects: this.remove([member.memberId], nowMs) }
    }
    const { memberEpoch: previousMemberEpoch, state, assigned } = member
    const position = { memberEpoch, previousMemberEpoch, state, assigned, pendingRevocation: nothingAssigned }
    this.#rebalance.moveTo(member, position)
    return { response, effects: this.#rebalance.takeEffects() }
  }

  #startSession({ memberId, metadata }: ConsumerMember): void {
    const { classicMemberMetadata } = metadata
    const ownMs = classicMemberMetadata?.sessionTimeoutMs
    this.#rebalance.startTimer(`session ${memberId}`, ownMs ?? this.#context.configOf(this.groupId).sessionTimeoutMs)
  }
}

function newMember(memberId: string): ConsumerMember {
  return { memberId, ...newMemberPosition, metadata: newMemberMetadata }
}

function unknownMember(memberId: string, groupId: string): KafkaError {
  return new KafkaError(errorCodes.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${groupId}.`)
}
