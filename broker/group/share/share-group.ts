import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { NewRecord } from '../../record/build-batch.ts'
import type { Group } from '../group.ts'
import type { GroupEffect } from '../group-effect.ts'
import {
  encodeShareGroupRecord,
  type ShareGroupRecord,
  type ShareMemberMetadata,
  type StatePartitions,
  type TopicPartitions,
} from './share-group-records.ts'

export interface ShareMember {
  readonly memberId: string
  readonly metadata: ShareMemberMetadata
  readonly epoch: number
  readonly previousEpoch: number
  readonly assigned: readonly TopicPartitions[]
}

/** A member's current assignment is complete: there is nothing to wait for in a share group. */
const stable = 0

const noStates: StatePartitions = { initializingTopics: [], initializedTopics: [], deletingTopics: [] }
const newMember: ShareMemberMetadata = { rackId: null, clientId: '', clientHost: '', subscribedTopicNames: [] }

/** One share group: what its records make of it. All changes go through `apply`, here as when the log is read. */
export class ShareGroup implements Group {
  readonly groupId: string
  readonly type = 'share'
  readonly protocolType = 'share'
  /** An empty share group is kept: it knows how far it has read. */
  readonly expires = false
  readonly #sessionTimeoutMs: () => number
  readonly #members = new Map<string, ShareMember>()
  readonly #targets = new Map<string, readonly TopicPartitions[]>()
  #epoch = 0
  #metadataHash = 0
  #assignmentEpoch = 0
  #states = noStates

  constructor(groupId: string, sessionTimeoutMs: () => number) {
    this.groupId = groupId
    this.#sessionTimeoutMs = sessionTimeoutMs
  }

  get state(): 'Empty' | 'Stable' {
    return this.isEmpty ? 'Empty' : 'Stable'
  }

  get isEmpty(): boolean {
    return this.#members.size === 0
  }

  get epoch(): number {
    return this.#epoch
  }

  get metadataHash(): number {
    return this.#metadataHash
  }

  get assignmentEpoch(): number {
    return this.#assignmentEpoch
  }

  get members(): ReadonlyMap<string, ShareMember> {
    return this.#members
  }

  get targets(): ReadonlyMap<string, readonly TopicPartitions[]> {
    return this.#targets
  }

  /** The share partitions whose state is kept for this group, or is about to be. */
  get states(): StatePartitions {
    return this.#states
  }

  apply(record: ShareGroupRecord): void {
    switch (record.kind) {
      case 'member':
        if (record.value === null) this.#members.delete(record.memberId)
        else this.#putMember(record.memberId, { metadata: record.value })
        return
      case 'group':
        this.#epoch = record.value?.epoch ?? 0
        this.#metadataHash = record.value?.metadataHash ?? 0
        return
      case 'targetEpoch':
        this.#assignmentEpoch = record.value?.assignmentEpoch ?? 0
        return
      case 'target':
        if (record.value === null) this.#targets.delete(record.memberId)
        else this.#targets.set(record.memberId, record.value.topicPartitions)
        return
      case 'current':
        this.#applyCurrent(record)
        return
      case 'states':
        this.#states = record.value ?? noStates
        return
    }
  }

  activate(): readonly GroupEffect[] {
    return [...this.#members.keys()].map((memberId) => this.keepAlive(memberId))
  }

  /** The member has been heard of. */
  keepAlive(memberId: string): GroupEffect {
    return { kind: 'startTimer', timer: memberId, delayMs: this.#sessionTimeoutMs() }
  }

  /** A member's session is over. */
  timerFired(memberId: string): readonly GroupEffect[] {
    const records = this.removeMember(memberId)
    return records.length === 0 ? [] : [{ kind: 'append', records: this.carryOut(records) }]
  }

  close(): readonly GroupEffect[] {
    return []
  }

  removal(): readonly NewRecord[] {
    const records: ShareGroupRecord[] = [...this.#members.keys()].flatMap((memberId) => removalOf(memberId))
    records.push({ kind: 'targetEpoch', value: null }, { kind: 'group', value: null }, { kind: 'states', value: null })
    return records.map((record) => encodeShareGroupRecord(this.groupId, record))
  }

  removeMember(memberId: string): ShareGroupRecord[] {
    if (!this.#members.has(memberId)) return []
    const value = { epoch: this.#epoch + 1, metadataHash: this.#metadataHash }
    return [...removalOf(memberId), { kind: 'group', value }]
  }

  /** Applies the records, and answers what is to be written. */
  carryOut(records: readonly ShareGroupRecord[]): NewRecord[] {
    for (const record of records) this.apply(record)
    return records.map((record) => encodeShareGroupRecord(this.groupId, record))
  }

  commitError(): ErrorCode {
    return errorCodes.GROUP_ID_NOT_FOUND
  }

  committed(): readonly GroupEffect[] {
    return []
  }

  fetchError(): ErrorCode {
    return errorCodes.GROUP_ID_NOT_FOUND
  }

  isSubscribedTo(topic: string): boolean {
    for (const { metadata } of this.#members.values()) if (metadata.subscribedTopicNames.includes(topic)) return true
    return false
  }

  offsetDeleteError(): ErrorCode {
    return errorCodes.GROUP_ID_NOT_FOUND
  }

  unusedSinceMs(): undefined {
    return undefined
  }

  #applyCurrent({ memberId, value }: Extract<ShareGroupRecord, { kind: 'current' }>): void {
    if (value !== null) {
      const { memberEpoch, previousMemberEpoch, assignedPartitions } = value
      this.#putMember(memberId, {
        epoch: memberEpoch,
        previousEpoch: previousMemberEpoch,
        assigned: assignedPartitions,
      })
    } else if (this.#members.has(memberId)) {
      this.#putMember(memberId, { epoch: 0, previousEpoch: 0, assigned: [] })
    }
  }

  #putMember(memberId: string, change: Partial<ShareMember>): void {
    const known = this.#members.get(memberId)
    const member = known ?? { memberId, metadata: newMember, epoch: 0, previousEpoch: 0, assigned: [] }
    this.#members.set(memberId, { ...member, ...change })
  }
}

export function currentAssignment(
  memberId: string,
  memberEpoch: number,
  previousMemberEpoch: number,
  assignedPartitions: readonly TopicPartitions[],
): ShareGroupRecord {
  return { kind: 'current', memberId, value: { memberEpoch, previousMemberEpoch, state: stable, assignedPartitions } }
}

/** The current assignment goes before the member, which it would otherwise bring back. */
function removalOf(memberId: string): ShareGroupRecord[] {
  return [
    { kind: 'current', memberId, value: null },
    { kind: 'target', memberId, value: null },
    { kind: 'member', memberId, value: null },
  ]
}
