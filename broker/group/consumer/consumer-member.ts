import type { ConsumerGroupMemberMetadataValue } from '../../protocol/structures/consumer-group-member-metadata-record.ts'
import { type EpochAssignment, isSameEpochAssignment, nothingAssigned } from './assignment.ts'

/** A static member that left for a while keeps its place under this epoch. */
export const leftForNowEpoch = -2
export const leaveEpoch = -1

/** How far a member is on its way to its target. The numbers are those in the records. */
export const memberStates = { stable: 0, unrevokedPartitions: 1, unreleasedPartitions: 2 } as const

export type MemberState = (typeof memberStates)[keyof typeof memberStates]

/** What a member said of itself. */
export type MemberMetadata = ConsumerGroupMemberMetadataValue

export type ClassicMemberMetadata = NonNullable<MemberMetadata['classicMemberMetadata']>

/** Where a member stands. */
export interface MemberPosition {
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: MemberState
  readonly assigned: EpochAssignment
  /** What it must give up before it goes on; nobody else may have it until then. */
  readonly pendingRevocation: EpochAssignment
}

/** Replaced as a whole when it changes. */
export interface ConsumerMember extends MemberPosition {
  readonly memberId: string
  readonly metadata: MemberMetadata
}

export const newMemberPosition: MemberPosition = {
  memberEpoch: 0,
  previousMemberEpoch: 0,
  state: memberStates.stable,
  assigned: nothingAssigned,
  pendingRevocation: nothingAssigned,
}

export const newMemberMetadata: MemberMetadata = {
  instanceId: null,
  rackId: null,
  clientId: '',
  clientHost: '',
  subscribedTopicNames: [],
  subscribedTopicRegex: null,
  rebalanceTimeoutMs: -1,
  serverAssignor: null,
  classicMemberMetadata: null,
}

export function usesClassicProtocol({ metadata }: ConsumerMember): boolean {
  return metadata.classicMemberMetadata !== null
}

export function isReconciled(member: ConsumerMember, targetEpoch: number): boolean {
  return member.state === memberStates.stable && member.memberEpoch === targetEpoch
}

export function isSamePosition(a: MemberPosition, b: MemberPosition): boolean {
  return (
    a.memberEpoch === b.memberEpoch &&
    a.previousMemberEpoch === b.previousMemberEpoch &&
    a.state === b.state &&
    isSameEpochAssignment(a.assigned, b.assigned) &&
    isSameEpochAssignment(a.pendingRevocation, b.pendingRevocation)
  )
}

export function isSameMetadata(a: MemberMetadata, b: MemberMetadata): boolean {
  return (
    a.instanceId === b.instanceId &&
    a.rackId === b.rackId &&
    a.clientId === b.clientId &&
    a.clientHost === b.clientHost &&
    a.subscribedTopicRegex === b.subscribedTopicRegex &&
    a.rebalanceTimeoutMs === b.rebalanceTimeoutMs &&
    a.serverAssignor === b.serverAssignor &&
    isSameList(a.subscribedTopicNames, b.subscribedTopicNames) &&
    isSameClassicMetadata(a.classicMemberMetadata, b.classicMemberMetadata)
  )
}

export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i])
}

function isSameClassicMetadata(a: ClassicMemberMetadata | null, b: ClassicMemberMetadata | null): boolean {
  if (a === null || b === null) return a === b
  if (a.sessionTimeoutMs !== b.sessionTimeoutMs || a.supportedProtocols.length !== b.supportedProtocols.length)
    return false
  return a.supportedProtocols.every((protocol, i) => {
    const other = b.supportedProtocols[i]
    return other !== undefined && protocol.name === other.name && protocol.metadata.equals(other.metadata)
  })
}
