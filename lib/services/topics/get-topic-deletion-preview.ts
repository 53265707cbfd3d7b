import type { TopicDeletionPreview } from '../../contract/topic.ts'
import { sumKnown } from '../../domain/rate.ts'
import { topicsOf } from '../../monitor/documents/cluster-view.ts'
import { recordsOf } from '../../monitor/documents/topics-document.ts'
import type { GroupState } from '../../monitor/snapshot.ts'
import { type ClusterHandle, requireSnapshot } from '../cluster-handle.ts'
import { requireTopic } from './require-topic.ts'

/** What would be lost, from the last round. */
export function getTopicDeletionPreview(cluster: ClusterHandle, name: string): TopicDeletionPreview {
  const { partitions } = requireTopic(cluster, name)
  const snapshot = requireSnapshot(cluster)
  return {
    name,
    partitions: partitions.length,
    records: sumKnown(partitions.map(recordsOf)),
    replicatedSizeBytes: sumKnown(partitions.flatMap(({ sizeBytes }) => [...sizeBytes.values()])),
    groups: [...snapshot.groups.values()]
      .filter((group) => topicsOf(group).has(name))
      .map((group) => affected(group, name)),
    recordsInPerSecond: sumKnown(partitions.map(({ recordsInPerSecond }) => recordsInPerSecond)),
    asOfMs: snapshot.parts.endOffsets.asOfMs,
  }
}

function affected(group: GroupState, topic: string): TopicDeletionPreview['groups'][number] {
  const lags = group.partitions
    .filter((position) => position.topic === topic)
    .map(({ lagRecords }) => (lagRecords === null ? null : Number(lagRecords)))
  return { group: group.id, isActive: (group.members?.length ?? 0) > 0, lagRecords: sumKnown(lags) }
}
