import type { GroupRow, GroupsList } from '../../contract/group.ts'
import { healthOfProgress } from '../../domain/group-progress.ts'
import type { GroupState } from '../snapshot.ts'
import { type ClusterView, partsOf, topicsOf } from './cluster-view.ts'

export function groupsDocument({ snapshot }: ClusterView): GroupsList {
  return {
    groups: [...snapshot.groups.values()].map(groupRow).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
    parts: partsOf(snapshot, 'groups', 'groupMembers', 'committedOffsets', 'endOffsets'),
  }
}

export function groupRow(group: GroupState): GroupRow {
  return {
    id: group.id,
    type: group.type,
    state: group.state,
    health: healthOfProgress(group.progress),
    progress: group.progress,
    members: group.members?.length ?? null,
    topics: [...topicsOf(group)].sort(),
    partitions: group.partitions.length,
    lagRecords: group.lagRecords,
    lagSeconds: group.lagMs === null ? null : group.lagMs / 1000,
    lagSecondsIsLowerBound: group.lagMsIsLowerBound,
    consumedPerSecond: group.consumedPerSecond,
    coordinator: group.coordinator,
    problem: group.problem,
  }
}
