import { type Assignment, type EpochAssignment, nothingAssigned } from './assignment.ts'
import {
  type ConsumerMember,
  isReconciled,
  type MemberMetadata,
  type MemberPosition,
  newMemberMetadata,
  newMemberPosition,
  usesClassicProtocol,
} from './consumer-member.ts'
import type { ConsumerRecord, ResolvedRegex } from './consumer-record.ts'

export type ConsumerGroupStateName = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable' | 'Dead'

/**
 * What the records of a consumer group add up to, and what follows from it. Changes by records alone, whether they are
 * read from the log or on their way there, so that a coordinator that takes over knows what the last one knew.
 */
export class ConsumerGroupState {
  readonly #members = new Map<string, ConsumerMember>()
  readonly #idByInstance = new Map<string, string>()
  readonly #targets = new Map<string, Assignment>()
  readonly #regexes = new Map<string, ResolvedRegex>()
  /** Who was given a partition, or still has to give it up. */
  readonly #owners = new Map<string, Map<number, string>>()
  /** How many members read a topic by name, and by each expression. */
  readonly #topicReaders = new Map<string, number>()
  readonly #regexReaders = new Map<string, number>()
  readonly #assignors = new Map<string, number>()
  #classicMembers = 0
  #epoch = 0
  #metadataHash = 0
  #targetEpoch = 0
  #assignedAtMs = 0

  get members(): ReadonlyMap<string, ConsumerMember> {
    return this.#members
  }

  get epoch(): number {
    return this.#epoch
  }

  /** Of the topics that the group reads, as the last epoch knew them. */
  get metadataHash(): number {
    return this.#metadataHash
  }

  get targetEpoch(): number {
    return this.#targetEpoch
  }

  get assignedAtMs(): number {
    return this.#assignedAtMs
  }

  get regexes(): ReadonlyMap<string, ResolvedRegex> {
    return this.#regexes
  }

  get classicMembers(): number {
    return this.#classicMembers
  }

  get name(): ConsumerGroupStateName {
    if (this.#members.size === 0) return 'Empty'
    if (this.#epoch > this.#targetEpoch) return 'Assigning'
    for (const member of this.#members.values()) if (!isReconciled(member, this.#targetEpoch)) return 'Reconciling'
    return 'Stable'
  }

  find(memberId: string): ConsumerMember | undefined {
    return this.#members.get(memberId)
  }

  findStatic(instanceId: string): ConsumerMember | undefined {
    const memberId = this.#idByInstance.get(instanceId)
    return memberId === undefined ? undefined : this.#members.get(memberId)
  }

  targetOf(memberId: string): Assignment {
    return this.#targets.get(memberId) ?? nothingAssigned
  }

  ownerOf(topicId: string, partition: number): string | undefined {
    return this.#owners.get(topicId)?.get(partition)
  }

  readersOfRegex(regex: string): number {
    return this.#regexReaders.get(regex) ?? 0
  }

  /** Names of every topic that somebody reads, whether it exists or not. */
  subscribedTopics(): Set<string> {
    const topics = new Set(this.#topicReaders.keys())
    for (const regex of this.#regexReaders.keys()) {
      for (const topic of this.#regexes.get(regex)?.topics ?? []) topics.add(topic)
    }
    return topics
  }

  topicsOf({ metadata }: ConsumerMember): readonly string[] {
    const { subscribedTopicNames: names, subscribedTopicRegex: regex } = metadata
    const matched = regex === null ? undefined : this.#regexes.get(regex)?.topics
    if (matched === undefined || matched.length === 0) return names
    return names.length === 0 ? matched : [...new Set([...names, ...matched])]
  }

  isSubscribedTo(topic: string): boolean {
    if (this.#topicReaders.has(topic)) return true
    for (const regex of this.#regexReaders.keys()) if (this.#regexes.get(regex)?.topics.includes(topic)) return true
    return false
  }

  /** The assignor that most members ask for; undefined where nobody does. */
  preferredAssignor(): string | undefined {
    let preferred: [string, number] | undefined
    for (const entry of this.#assignors) if (preferred === undefined || entry[1] > preferred[1]) preferred = entry
    return preferred?.[0]
  }

  apply(record: ConsumerRecord): void {
    switch (record.kind) {
      case 'group':
        this.#epoch = record.value?.epoch ?? 0
        this.#metadataHash = record.value?.metadataHash ?? 0
        break
      case 'targetEpoch':
        this.#targetEpoch = record.value?.assignmentEpoch ?? 0
        this.#assignedAtMs = record.value?.assignmentTimestamp ?? 0
        break
      case 'target':
        if (record.value === null) this.#targets.delete(record.memberId)
        else this.#targets.set(record.memberId, record.value)
        break
      case 'member':
        this.#applyMetadata(record.memberId, record.value)
        break
      case 'position':
        this.#applyPosition(record.memberId, record.value)
        break
      case 'regex':
        if (record.value === null) this.#regexes.delete(record.regex)
        else this.#regexes.set(record.regex, record.value)
        break
      case 'partitions':
        break
    }
  }

  /** What takes everything out of the log, in an order in which nothing refers to what is gone. */
  *removal(): Iterable<ConsumerRecord> {
    for (const memberId of this.#members.keys()) yield { kind: 'position', memberId, value: null }
    for (const memberId of this.#targets.keys()) yield { kind: 'target', memberId, value: null }
    yield { kind: 'targetEpoch', value: null }
    for (const memberId of this.#members.keys()) yield { kind: 'member', memberId, value: null }
    for (const regex of this.#regexes.keys()) yield { kind: 'regex', regex, value: null }
    yield { kind: 'group', value: null }
  }

  #applyMetadata(memberId: string, metadata: MemberMetadata | null): void {
    const old = this.#members.get(memberId)
    if (old !== undefined) this.#count(old, -1)
    if (metadata === null) {
      if (old !== undefined) this.#release(old)
      this.#members.delete(memberId)
      return
    }
    const member = { ...newMemberPosition, ...old, memberId, metadata }
    this.#members.set(memberId, member)
    this.#count(member, 1)
  }

  #applyPosition(memberId: string, position: MemberPosition | null): void {
    const old = this.#members.get(memberId)
    if (old !== undefined) this.#release(old)
    // After compaction a position may come before what its member said of itself.
    if (position === null && old === undefined) return
    const { memberEpoch, previousMemberEpoch, state, assigned, pendingRevocation } = position ?? newMemberPosition
    const metadata = old?.metadata ?? newMemberMetadata
    this.#members.set(memberId, {
      memberId,
      metadata,
      memberEpoch,
      previousMemberEpoch,
      state,
      assigned,
      pendingRevocation,
    })
    this.#own(memberId, assigned)
    this.#own(memberId, pendingRevocation)
  }

  #own(memberId: string, assignment: EpochAssignment): void {
    for (const [topicId, partitions] of assignment) {
      const owners = this.#owners.get(topicId) ?? new Map<number, string>()
      for (const partition of partitions.keys()) owners.set(partition, memberId)
      this.#owners.set(topicId, owners)
    }
  }

  #release({ memberId, assigned, pendingRevocation }: ConsumerMember): void {
    for (const assignment of [assigned, pendingRevocation]) {
      for (const [topicId, partitions] of assignment) {
        const owners = this.#owners.get(topicId)
        if (owners === undefined) continue
        for (const partition of partitions.keys()) if (owners.get(partition) === memberId) owners.delete(partition)
        if (owners.size === 0) this.#owners.delete(topicId)
      }
    }
  }

  #count(member: ConsumerMember, by: 1 | -1): void {
    const { memberId, metadata } = member
    const { instanceId, subscribedTopicNames, subscribedTopicRegex, serverAssignor } = metadata
    for (const topic of new Set(subscribedTopicNames)) countBy(this.#topicReaders, topic, by)
    if (subscribedTopicRegex !== null) countBy(this.#regexReaders, subscribedTopicRegex, by)
    if (serverAssignor !== null) countBy(this.#assignors, serverAssignor, by)
    if (usesClassicProtocol(member)) this.#classicMembers += by
    if (instanceId === null) return
    if (by === 1) this.#idByInstance.set(instanceId, memberId)
    else if (this.#idByInstance.get(instanceId) === memberId) this.#idByInstance.delete(instanceId)
  }
}

function countBy(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
