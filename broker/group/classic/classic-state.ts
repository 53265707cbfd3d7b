import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { GroupMetadataValue, GroupMetadataValueBody } from '../../protocol/structures/group-metadata-record.ts'
import { consumerProtocolType, subscribedTopics } from '../subscribed-topics.ts'
import { type ClassicMember, ClassicMembers, protocolMetadata } from './classic-members.ts'
import { type Generation, groupMetadata, restoreMembers } from './group-metadata.ts'

export type ClassicGroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

/** Where a classic group stands: its members, its generation, and who of them is still to come. Takes no decisions. */
export class ClassicState implements Generation {
  /** Ids handed out with MEMBER_ID_REQUIRED whose owners have not come back yet. */
  readonly pendingJoins = new Set<string>()
  /** Members of this generation that have not asked for their assignment yet. */
  readonly pendingSyncs = new Set<string>()
  readonly members: ClassicMembers
  #name: ClassicGroupState
  #previousName: ClassicGroupState = 'Dead'
  #changedAtMs: number | undefined
  #generationId: number
  #protocolType: string | undefined
  #protocolName: string | undefined
  #subscribedTopics: ReadonlySet<string> | undefined

  constructor(nowMs?: number, value?: GroupMetadataValue) {
    this.members = value === undefined ? new ClassicMembers() : restoreMembers(value)
    this.#name = this.members.size === 0 ? 'Empty' : 'Stable'
    this.#generationId = value?.generation ?? 0
    this.#protocolType = value?.protocolType || undefined
    this.#protocolName = value?.protocol ?? undefined
    this.#changedAtMs = value === undefined || value.currentStateTimestamp < 0 ? nowMs : value.currentStateTimestamp
    if (value !== undefined) this.#subscribedTopics = this.#findSubscribedTopics()
  }

  get name(): ClassicGroupState {
    return this.#name
  }

  get previousName(): ClassicGroupState {
    return this.#previousName
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

  get leaderId(): string | undefined {
    return this.members.leaderId
  }

  /** Undefined in a group restored from a record without it. */
  get stateChangedAtMs(): number | undefined {
    return this.#changedAtMs
  }

  get usesConsumerProtocol(): boolean {
    return this.#protocolType === consumerProtocolType
  }

  /** Undefined when nobody could tell. */
  get subscribedTopics(): ReadonlySet<string> | undefined {
    return this.#subscribedTopics
  }

  moveTo(name: ClassicGroupState, nowMs: number): void {
    this.#previousName = this.#name
    this.#name = name
    this.#changedAtMs = nowMs
  }

  die(): void {
    this.#name = 'Dead'
  }

  /** The first member decides what kind of members the group has. */
  adoptProtocolType(protocolType: string): void {
    if (this.members.size === 0) this.#protocolType = protocolType
  }

  beginGeneration(): void {
    this.#generationId += 1
    this.pendingSyncs.clear()
    this.#protocolName = this.members.size === 0 ? undefined : this.members.electProtocol()
    this.#subscribedTopics = this.#findSubscribedTopics()
  }

  /** Whether this is a member, and under the id that its instance has now. */
  memberError(memberId: string, groupInstanceId: string | null): ErrorCode | undefined {
    if (groupInstanceId !== null) {
      const staticId = this.members.findStaticId(groupInstanceId)
      if (staticId === undefined) return errorCodes.UNKNOWN_MEMBER_ID
      if (staticId !== memberId) return errorCodes.FENCED_INSTANCE_ID
    }
    return this.members.has(memberId) ? undefined : errorCodes.UNKNOWN_MEMBER_ID
  }

  metadata(assignmentOf: (member: Readonly<ClassicMember>) => Buffer): GroupMetadataValueBody {
    return groupMetadata(this, assignmentOf)
  }

  #findSubscribedTopics(): ReadonlySet<string> | undefined {
    if (!this.usesConsumerProtocol) return undefined
    const protocolName = this.#protocolName
    if (protocolName === undefined) return this.members.size === 0 ? new Set() : undefined
    return subscribedTopics([...this.members].map((member) => protocolMetadata(member, protocolName)))
  }
}
