import type { GroupMetadataValue } from '../../protocol/structures/group-metadata-record.ts'
import type { ClassicGroup, ClassicGroupLimits } from '../classic/classic-group.ts'
import { protocolMetadata } from '../classic/classic-members.ts'
import { consumerProtocolType } from '../subscribed-topics.ts'
import type { EpochAssignment } from './assignment.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, type MemberMetadata, memberStates, usesClassicProtocol } from './consumer-member.ts'
import { decodeAssignment, decodeSubscription, encodeAssignment } from './consumer-protocol.ts'
import type { ConsumerRecord } from './consumer-record.ts'
import type { TopicMetadata } from './topic-metadata.ts'

/*
 * A group changes its protocol while its members go on: to KIP-848 when the first member that speaks it joins, back to the
 * classic one when the last of them has left.
 */

const migrationPolicies = ['disabled', 'upgrade', 'downgrade', 'bidirectional'] as const

export type MigrationPolicy = (typeof migrationPolicies)[number]

/** As the broker's config has it, in any case. */
export function parseMigrationPolicy(text: string): MigrationPolicy {
  return migrationPolicies.find((policy) => policy === text.toLowerCase()) ?? 'disabled'
}

export function canUpgrade(group: ClassicGroup, policy: MigrationPolicy, membersMax: number): boolean {
  const isAllowed = policy === 'upgrade' || policy === 'bidirectional'
  return isAllowed && group.protocolType === consumerProtocolType && group.memberCount <= membersMax
}

/**
 * The group as a consumer group's records tell it, its members stable with what they have. Undefined where a member's bytes
 * cannot be read.
 */
export function upgradeRecords(group: ClassicGroup, topics: TopicMetadata): ConsumerRecord[] | undefined {
  const { generationId, protocolName = '' } = group
  const members: { memberId: string; metadata: MemberMetadata; assigned: EpochAssignment }[] = []
  for (const member of group.members) {
    const subscription = decodeSubscription(protocolMetadata(member, protocolName), topics)
    const assignment = decodeAssignment(member.assignment, topics)
    if (subscription === undefined || assignment === undefined) return undefined
    const metadata = {
      instanceId: member.groupInstanceId,
      rackId: subscription.rackId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: [...subscription.topics].sort(),
      subscribedTopicRegex: null,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      serverAssignor: null,
      classicMemberMetadata: {
        sessionTimeoutMs: member.sessionTimeoutMs,
        supportedProtocols: member.protocols.map((protocol) => ({ name: protocol.name, metadata: protocol.metadata })),
      },
    }
    const assigned = new Map(
      assignment.map(({ topicId, partitions }) => {
        return [topicId, new Map(partitions.map((partition) => [partition, generationId]))]
      }),
    )
    members.push({ memberId: member.memberId, metadata, assigned })
  }
  const position = { memberEpoch: generationId, previousMemberEpoch: generationId, state: memberStates.stable }
  return [
    ...members.map(({ memberId, metadata }): ConsumerRecord => ({ kind: 'member', memberId, value: metadata })),
    { kind: 'group', value: { epoch: generationId, metadataHash: 0 } },
    ...members.map(({ memberId, assigned }): ConsumerRecord => {
      const target = new Map([...assigned].map(([topicId, partitions]) => [topicId, new Set(partitions.keys())]))
      return { kind: 'target', memberId, value: target }
    }),
    { kind: 'targetEpoch', value: { assignmentEpoch: generationId, assignmentTimestamp: 0 } },
    ...members.map(({ memberId, assigned }): ConsumerRecord => {
      return { kind: 'position', memberId, value: { ...position, assigned, pendingRevocation: new Map() } }
    }),
  ]
}

/** Whether only classic members are left once these have gone, and there are any. */
export function canDowngrade(
  group: ConsumerGroup,
  leaving: ReadonlySet<string>,
  policy: MigrationPolicy,
  limits: ClassicGroupLimits,
): boolean {
  if (policy !== 'downgrade' && policy !== 'bidirectional') return false
  const staying = [...group.members].filter(({ memberId }) => !leaving.has(memberId))
  return staying.length > 0 && staying.length <= limits.membersMax && staying.every(usesClassicProtocol)
}

/** The group as a classic group's record tells it: stable in the generation that is the group's epoch. */
export function downgradeValue(
  group: ConsumerGroup,
  leaving: ReadonlySet<string>,
  topics: TopicMetadata,
  nowMs: number,
): GroupMetadataValue {
  const staying = [...group.members].filter(({ memberId }) => !leaving.has(memberId))
  const protocol = protocolOf(staying)
  return {
    protocolType: consumerProtocolType,
    generation: group.groupEpoch,
    protocol,
    leader: staying[0]?.memberId ?? null,
    currentStateTimestamp: nowMs,
    members: staying.map(({ memberId, metadata, assigned }) => {
      const supported = metadata.classicMemberMetadata?.supportedProtocols ?? []
      const subscription = supported.find(({ name }) => name === protocol)?.metadata ?? Buffer.alloc(0)
      return {
        memberId,
        groupInstanceId: metadata.instanceId,
        clientId: metadata.clientId,
        clientHost: metadata.clientHost,
        rebalanceTimeout: metadata.rebalanceTimeoutMs,
        sessionTimeout: metadata.classicMemberMetadata?.sessionTimeoutMs ?? 0,
        subscription,
        assignment: encodeAssignment(assigned, topics, subscription),
      }
    }),
  }
}

/** One that all support; the members were let in on that condition. */
function protocolOf(members: readonly ConsumerMember[]): string {
  const [first, ...others] = members.map(({ metadata }) => {
    return metadata.classicMemberMetadata?.supportedProtocols.map(({ name }) => name) ?? []
  })
  return first?.find((name) => others.every((names) => names.includes(name))) ?? ''
}
