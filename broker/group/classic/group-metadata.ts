import type { GroupMetadataValue, GroupMetadataValueBody } from '../../protocol/structures/group-metadata-record.ts'
import { type ClassicMember, ClassicMembers, protocolMetadata } from './classic-members.ts'

/** What is known of a group between two rebalances. */
export interface Generation {
  readonly generationId: number
  readonly protocolType: string | undefined
  readonly protocolName: string | undefined
  readonly leaderId: string | undefined
  readonly members: Iterable<Readonly<ClassicMember>>
  readonly stateChangedAtMs: number | undefined
}

export function groupMetadata(
  generation: Generation,
  assignmentOf: (member: Readonly<ClassicMember>) => Buffer,
): GroupMetadataValueBody {
  const { generationId, protocolType = '', protocolName = null, leaderId = null, members } = generation
  return {
    protocolType,
    generation: generationId,
    protocol: protocolName,
    leader: leaderId,
    currentStateTimestamp: generation.stateChangedAtMs ?? -1,
    members: [...members].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: protocolMetadata(member, protocolName ?? ''),
      assignment: assignmentOf(member),
    })),
  }
}

/** Of all the protocols that a member supported only the elected one is in the record. */
export function restoreMembers(value: GroupMetadataValue): ClassicMembers {
  const members = new ClassicMembers(value.leader ?? undefined)
  for (const { subscription, rebalanceTimeout, sessionTimeout, ...member } of value.members) {
    members.add({
      ...member,
      protocolType: value.protocolType,
      protocols: [{ name: value.protocol ?? '', metadata: subscription }],
      // Records of version 0 have no rebalance timeout.
      rebalanceTimeoutMs: rebalanceTimeout === -1 ? sessionTimeout : rebalanceTimeout,
      sessionTimeoutMs: sessionTimeout,
      joinRequest: undefined,
      syncRequest: undefined,
      isNew: false,
    })
  }
  return members
}
