import type { ClusterSummary } from '../../contract/cluster.ts'
import type { Part } from '../../contract/part.ts'
import type { ClusterSnapshot, GroupState, PartName } from '../snapshot.ts'

/** One snapshot with what several documents look up in it, made once a round. */
export interface ClusterView {
  readonly summary: ClusterSummary
  readonly snapshot: ClusterSnapshot
  readonly groupsOfTopic: ReadonlyMap<string, readonly GroupState[]>
  /** The brokers that this console can stop and start. */
  readonly isEmbedded: boolean
}

export function createClusterView(snapshot: ClusterSnapshot, summary: ClusterSummary): ClusterView {
  const groupsOfTopic = new Map<string, GroupState[]>()
  for (const group of snapshot.groups.values()) {
    for (const topic of topicsOf(group)) {
      const groups = groupsOfTopic.get(topic)
      if (groups === undefined) groupsOfTopic.set(topic, [group])
      else groups.push(group)
    }
  }
  return { summary, snapshot, groupsOfTopic, isEmbedded: summary.kind === 'embedded' }
}

/** Topics that the group has positions in or that a member is assigned. */
export function topicsOf(group: GroupState): Set<string> {
  const topics = new Set(group.partitions.map(({ topic }) => topic))
  for (const member of group.members ?? []) for (const topic of member.assignments.keys()) topics.add(topic)
  return topics
}

export function partsOf(snapshot: ClusterSnapshot, ...names: PartName[]): Record<string, Part> {
  return Object.fromEntries(names.map((name) => [name, snapshot.parts[name]]))
}
