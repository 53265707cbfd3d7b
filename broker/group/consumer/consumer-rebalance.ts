import type { GroupEffect } from '../group-effect.ts'
import { isSameAssignment, nothingAssigned, type TopicPartitions } from './assignment.ts'
import { type AssignedMember, assignors } from './assignor.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerGroupState } from './consumer-group-state.ts'
import {
  type ConsumerMember,
  isSameList,
  isSameMetadata,
  isSamePosition,
  type MemberMetadata,
  type MemberPosition,
  memberStates,
} from './consumer-member.ts'
import { type ConsumerRecord, encodeConsumerRecord } from './consumer-record.ts'
import { reconcileMember } from './reconcile-member.ts'
import { hashTopics, type TopicMetadata } from './topic-metadata.ts'
import { matchTopics } from './topic-regex.ts'

/** Topics are compared with what the group knows at least this often, whether they are said to have changed or not. */
const refreshIntervalMs = 5 * 60_000
/** Expressions are matched anew this long after the last time at the earliest, when there is other metadata. Kafka's figure. */
const regexRefreshIntervalMs = 10_000

/** Kafka's groups are in epoch 2 with their first member. */
const epochBeforeMembers = 1

export interface ConsumerGroupConfig {
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  /** The shortest time from one assignment to the next. */
  readonly assignmentIntervalMs: number
}

export interface ConsumerGroupContext {
  readonly topics: TopicMetadata
  /** Names of known assignors, the default first. */
  readonly assignors: readonly string[]
  readonly membersMax: number
  configOf(groupId: string): ConsumerGroupConfig
  /** What makes a classic group of this one when these members have gone; undefined where it stays as it is. */
  downgrade(group: ConsumerGroup, leaving: ReadonlySet<string>, nowMs: number): readonly GroupEffect[] | undefined
}

/**
 * How a consumer group follows its members and its topics: what changes its epoch, when partitions are assigned anew, and how
 * each member goes to its new part. Every change is a record, applied here at once and collected for the log.
 */
export class ConsumerRebalance {
  readonly #groupId: string
  readonly #state: ConsumerGroupState
  readonly #context: ConsumerGroupContext
  #records: ConsumerRecord[] = []
  #timers: GroupEffect[] = []
  #refreshAtMs = 0
  #regexesMatchedAtMs: number | undefined

  constructor(groupId: string, state: ConsumerGroupState, context: ConsumerGroupContext) {
    this.#groupId = groupId
    this.#state = state
    this.#context = context
  }

  /** Hears that topics which the group reads were created, changed or deleted. */
  requestRefresh(): void {
    this.#refreshAtMs = 0
  }

  emit(record: ConsumerRecord): void {
    this.#state.apply(record)
    this.#records.push(record)
  }

  startTimer(timer: string, delayMs: number): void {
    this.#timers.push({ kind: 'startTimer', timer, delayMs })
  }

  /** Unless it runs: then it goes on as it is. */
  startTimerOnce(timer: string, delayMs: number): void {
    this.#timers.push({ kind: 'startTimer', timer, delayMs, isKept: true })
  }

  stopTimer(timer: string): void {
    this.#timers.push({ kind: 'stopTimer', timer })
  }

  /** What is to be done about all that was emitted since the last time. */
  takeEffects(): GroupEffect[] {
    const records = this.#records.map((record) => encodeConsumerRecord(this.#groupId, record))
    const effects: GroupEffect[] = records.length === 0 ? [] : [{ kind: 'append', records }]
    effects.push(...this.#timers)
    this.#records = []
    this.#timers = []
    return effects
  }

  /**
   * The member said this of itself and owns these partitions (undefined: it does not say). Gives it what it may have now.
   */
  advance(
    member: ConsumerMember,
    metadata: MemberMetadata,
    owned: readonly TopicPartitions[] | undefined,
    nowMs: number,
  ): ConsumerMember {
    const { memberId } = member
    const hadTopics = this.#state.topicsOf(member)
    if (!isSameMetadata(member.metadata, metadata) || !this.#state.members.has(memberId)) {
      this.emit({ kind: 'member', memberId, value: metadata })
    }
    const isSubscriptionChanged = this.#followSubscription(member.metadata, metadata, nowMs)
    // A new group leaves epoch 0 even when its first member reads nothing.
    if (isSubscriptionChanged || this.#state.epoch === 0) this.bumpEpoch(nowMs)
    else if (this.#refreshRegexes(nowMs) || nowMs >= this.#refreshAtMs) this.#refresh(nowMs)
    this.assignIfDue(nowMs)
    const updated = this.#state.find(memberId) ?? member
    const hasOtherTopics = isSubscriptionChanged || !isSameList(hadTopics, this.#state.topicsOf(updated))
    this.#reconcile(updated, hasOtherTopics, owned)
    return this.#state.find(memberId) ?? updated
  }

  /** Members that have gone. What they had is free at once. */
  remove(memberIds: readonly string[], nowMs: number): void {
    for (const memberId of memberIds) this.removeMember(memberId)
    if (memberIds.length > 0) this.bumpEpoch(nowMs)
  }

  removeMember(memberId: string): void {
    const member = this.#state.find(memberId)
    if (member === undefined) return
    for (const timer of ['session', 'rebalance', 'join', 'sync']) this.stopTimer(`${timer} ${memberId}`)
    this.emit({ kind: 'position', memberId, value: null })
    this.emit({ kind: 'target', memberId, value: null })
    this.emit({ kind: 'member', memberId, value: null })
    this.#forgetRegex(member.metadata.subscribedTopicRegex)
  }

  /** Another process has the instance of a static member: it takes over what the old one had, from this epoch on. */
  replaceStatic(old: ConsumerMember, memberId: string, memberEpoch: number): ConsumerMember {
    const { metadata, assigned } = old
    const target = this.#state.targetOf(old.memberId)
    this.removeMember(old.memberId)
    const position = { memberEpoch, previousMemberEpoch: memberEpoch, state: memberStates.stable, assigned }
    this.emit({ kind: 'member', memberId, value: metadata })
    this.emit({ kind: 'target', memberId, value: target })
    this.emit({ kind: 'position', memberId, value: { ...position, pendingRevocation: nothingAssigned } })
    return { memberId, metadata, ...position, pendingRevocation: nothingAssigned }
  }

  bumpEpoch(nowMs: number): void {
    const metadataHash = hashTopics(this.#context.topics, this.#state.subscribedTopics())
    const epoch = Math.max(this.#state.epoch, epochBeforeMembers) + 1
    this.emit({ kind: 'group', value: { epoch, metadataHash } })
    this.#refreshAtMs = nowMs + refreshIntervalMs
  }

  /** Soon after one assignment the next waits, so that members which come together are assigned together. */
  assignIfDue(nowMs: number): void {
    if (this.#state.epoch <= this.#state.targetEpoch) return
    const sinceLastMs = nowMs - this.#state.assignedAtMs
    const waitMs = this.#context.configOf(this.#groupId).assignmentIntervalMs - sinceLastMs
    // A time in the future is that of a clock which was set back since.
    if (waitMs > 0 && sinceLastMs >= 0) this.startTimer('assign', waitMs)
    else this.#assign(nowMs)
  }

  #assign(nowMs: number): void {
    const { image } = this.#context.topics
    const members = [...this.#state.members.values()].map((member): AssignedMember => {
      const ids = this.#state.topicsOf(member).map((name) => image.topics.get(name)?.id)
      return {
        memberId: member.memberId,
        instanceId: member.metadata.instanceId,
        topicIds: new Set(ids.filter((id) => id !== undefined)),
        previous: this.#state.targetOf(member.memberId),
      }
    })
    const name = this.#state.preferredAssignor() ?? this.#context.assignors[0] ?? 'uniform'
    const assign = assignors.get(name) ?? assignors.get('uniform')
    const targets = assign?.(members, (topicId) => image.topicsById.get(topicId)?.partitions.length ?? 0)
    for (const { memberId, previous } of members) {
      const target = targets?.get(memberId) ?? nothingAssigned
      if (!isSameAssignment(target, previous)) this.emit({ kind: 'target', memberId, value: target })
    }
    this.stopTimer('assign')
    const value = { assignmentEpoch: this.#state.epoch, assignmentTimestamp: nowMs }
    this.emit({ kind: 'targetEpoch', value })
  }

  #reconcile(
    member: ConsumerMember,
    hasSubscriptionChanged: boolean,
    owned: readonly TopicPartitions[] | undefined,
  ): void {
    const { image } = this.#context.topics
    const topics = new Set(this.#state.topicsOf(member))
    const position = reconcileMember(member, {
      targetEpoch: this.#state.targetEpoch,
      target: this.#state.targetOf(member.memberId),
      isSubscribedTo: (topicId) => topics.has(image.topicsById.get(topicId)?.name ?? ''),
      hasSubscriptionChanged,
      isOwnedByAnother: (topicId, partition) => {
        const owner = this.#state.ownerOf(topicId, partition)
        return owner !== undefined && owner !== member.memberId
      },
      owned,
    })
    if (isSamePosition(member, position)) return
    this.moveTo(member, position)
  }

  moveTo({ memberId, metadata }: ConsumerMember, position: MemberPosition): void {
    this.emit({ kind: 'position', memberId, value: position })
    if (position.state === memberStates.unrevokedPartitions) {
      this.startTimer(`rebalance ${memberId}`, metadata.rebalanceTimeoutMs)
    } else {
      this.stopTimer(`rebalance ${memberId}`)
    }
  }

  #followSubscription(before: MemberMetadata, after: MemberMetadata, nowMs: number): boolean {
    const { subscribedTopicRegex: regex } = after
    const isSameRegex = before.subscribedTopicRegex === regex
    if (!isSameRegex) {
      this.#forgetRegex(before.subscribedTopicRegex)
      if (regex !== null && regex !== '' && !this.#state.regexes.has(regex)) this.#matchRegex(regex, nowMs)
    }
    return !isSameRegex || !isSameList(before.subscribedTopicNames, after.subscribedTopicNames)
  }

  #forgetRegex(regex: string | null): void {
    if (regex === null || this.#state.readersOfRegex(regex) > 0 || !this.#state.regexes.has(regex)) return
    this.emit({ kind: 'regex', regex, value: null })
  }

  /** Whether any expression matches other topics than before. */
  #refreshRegexes(nowMs: number): boolean {
    const { regexes } = this.#state
    if (regexes.size === 0) return false
    const { offset } = this.#context.topics
    this.#regexesMatchedAtMs ??= Math.max(...[...regexes.values()].map(({ timestamp }) => timestamp))
    if (nowMs < this.#regexesMatchedAtMs + regexRefreshIntervalMs) return false
    if ([...regexes.values()].every(({ version }) => version >= offset)) return false
    this.#regexesMatchedAtMs = nowMs
    const matched = [...regexes.keys()].map((regex) => this.#matchRegex(regex, nowMs))
    return matched.some((isOther) => isOther)
  }

  #matchRegex(regex: string, nowMs: number): boolean {
    const { image, offset } = this.#context.topics
    const topics = matchTopics(regex, image.topics.keys())
    const before = this.#state.regexes.get(regex)
    if (before !== undefined && isSameList(before.topics, topics)) return false
    this.emit({ kind: 'regex', regex, value: { topics, version: offset, timestamp: nowMs } })
    return true
  }

  #refresh(nowMs: number): void {
    this.#refreshAtMs = nowMs + refreshIntervalMs
    const metadataHash = hashTopics(this.#context.topics, this.#state.subscribedTopics())
    if (metadataHash !== this.#state.metadataHash) this.bumpEpoch(nowMs)
  }
}
