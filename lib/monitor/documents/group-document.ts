import type { GroupDetail, GroupMemberRow, GroupPartitionRow } from '../../contract/group.ts'
import { computeGroupVerdict } from '../../domain/group-verdict.ts'
import { sumKnown } from '../../domain/rate.ts'
import type { ClusterSnapshot, GroupMemberState, GroupPartitionState, GroupState } from '../snapshot.ts'
import { type ClusterView, partsOf } from './cluster-view.ts'
import { groupRow } from './groups-document.ts'

/** `undefined` when the cluster has no such group. */
export function groupDocument({ snapshot }: ClusterView, id: string): GroupDetail | undefined {
  const group = snapshot.groups.get(id)
  if (group === undefined) return undefined
  const owners = ownersOf(group)
  const positions = group.partitions
    .map((position) => positionRow(snapshot, position, owners))
    .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition)
  return {
    group: groupRow(group),
    verdict: computeGroupVerdict({
      progress: group.progress,
      progressSinceMs: group.progressSinceMs,
      members: group.members?.length ?? null,
      lagRecords: group.lagRecords,
      lagMs: group.lagMs,
      consumedPerSecond: group.consumedPerSecond,
      producedPerSecond: sumKnown(positions.map(({ producedPerSecond }) => producedPerSecond)),
      partitionProgress: positions.map(({ progress }) => progress),
    }),
    protocol: group.protocol,
    members: (group.members ?? []).map((member) => memberRow(member, positions)),
    positions,
    parts: partsOf(snapshot, 'groups', 'groupMembers', 'committedOffsets', 'endOffsets'),
  }
}

type Owners = ReadonlyMap<string, string>

function ownersOf(group: GroupState): Owners {
  const owners = new Map<string, string>()
  for (const { memberId, assignments } of group.members ?? []) {
    for (const [topic, partitions] of assignments) {
      for (const partition of partitions) owners.set(`${topic}/${partition}`, memberId)
    }
  }
  return owners
}

function positionRow(snapshot: ClusterSnapshot, position: GroupPartitionState, owners: Owners): GroupPartitionRow {
  const { topic, partition } = position
  const state = snapshot.topics.get(topic)?.partitions[partition]
  return {
    topic,
    partition,
    committedOffset: position.committedOffset?.toString() ?? null,
    logStartOffset: state?.logStartOffset?.toString() ?? null,
    endOffset: state?.endOffset?.toString() ?? null,
    lagRecords: position.lagRecords === null ? null : Number(position.lagRecords),
    lagSeconds: position.lagMs === null ? null : position.lagMs / 1000,
    lagSecondsIsLowerBound: position.lagMsIsLowerBound,
    consumedPerSecond: position.consumedPerSecond,
    producedPerSecond: state?.recordsInPerSecond ?? null,
    progress: position.progress,
    lastMovedAtMs: position.lastMovedAtMs,
    memberId: owners.get(`${topic}/${partition}`) ?? null,
  }
}

function memberRow(member: GroupMemberState, positions: readonly GroupPartitionRow[]): GroupMemberRow {
  return {
    memberId: member.memberId,
    instanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    assignments: [...member.assignments].map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
    lagRecords: sumKnown(
      positions.filter(({ memberId }) => memberId === member.memberId).map(({ lagRecords }) => lagRecords),
    ),
  }
}
