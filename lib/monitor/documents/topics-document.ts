import type { TopicRow, TopicsList } from '../../contract/topic.ts'
import { evaluatePartitionHealth, isUnderReplicated, worstHealth } from '../../domain/partition-health.ts'
import { maxKnown, sumKnown } from '../../domain/rate.ts'
import type { PartitionState, TopicState } from '../snapshot.ts'
import { type ClusterView, partsOf } from './cluster-view.ts'

export function topicsDocument(view: ClusterView): TopicsList {
  const { snapshot } = view
  return {
    topics: [...snapshot.topics.values()]
      .map((topic) => topicRow(view, topic))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    parts: partsOf(snapshot, 'metadata', 'endOffsets', 'startOffsets', 'logDirs', 'configs', 'groups'),
  }
}

export function topicRow(view: ClusterView, topic: TopicState): TopicRow {
  const { partitions } = topic
  return {
    name: topic.name,
    isInternal: topic.isInternal,
    health: worstHealth(partitions.map((partition) => evaluatePartitionHealth(partition, topic.minInSyncReplicas))),
    partitions: partitions.length,
    replicationFactor: maxKnown(partitions.map(({ replicas }) => replicas.length)) ?? 0,
    underReplicated: partitions.filter(isUnderReplicated).length,
    offline: partitions.filter(({ leader }) => leader === null).length,
    recordsInPerSecond: sumKnown(partitions.map(({ recordsInPerSecond }) => recordsInPerSecond)),
    bytesInPerSecond: sumKnown(partitions.map(({ bytesInPerSecond }) => bytesInPerSecond)),
    records: sumKnown(partitions.map(recordsOf)),
    sizeBytes: sumKnown(partitions.map(leaderSizeOf)),
    replicatedSizeBytes: sumKnown(partitions.flatMap(({ sizeBytes }) => [...sizeBytes.values()])),
    cleanupPolicy: topic.cleanupPolicy,
    groups: view.snapshot.parts.groups.asOfMs === null ? null : (view.groupsOfTopic.get(topic.name)?.length ?? 0),
  }
}

/** An upper bound where records were compacted away or are transaction markers. */
export function recordsOf({ logStartOffset, endOffset }: PartitionState): number | null {
  return logStartOffset === null || endOffset === null ? null : Math.max(0, Number(endOffset - logStartOffset))
}

export function leaderSizeOf({ leader, sizeBytes }: PartitionState): number | null {
  return leader === null ? null : (sizeBytes.get(leader) ?? null)
}
