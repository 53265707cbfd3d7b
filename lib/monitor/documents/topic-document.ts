import type { PartitionRow, TopicDetail } from '../../contract/topic.ts'
import { evaluatePartitionHealth } from '../../domain/partition-health.ts'
import { maxKnown, sumKnown } from '../../domain/rate.ts'
import { summariseReplication } from '../../domain/replication-summary.ts'
import { computeTopicVerdict } from '../../domain/topic-verdict.ts'
import type { GroupState, PartitionState, TopicState } from '../snapshot.ts'
import { type ClusterView, partsOf } from './cluster-view.ts'
import { leaderSizeOf, recordsOf, topicRow } from './topics-document.ts'

/** `undefined` when the cluster has no such topic. */
export function topicDocument(view: ClusterView, name: string): TopicDetail | undefined {
  const topic = view.snapshot.topics.get(name)
  if (topic === undefined) return undefined
  const row = topicRow(view, topic)
  return {
    topic: row,
    topicId: topic.id,
    verdict: computeTopicVerdict(summariseReplication([topic]), {
      replicationFactor: row.replicationFactor,
      recordsInPerSecond: row.recordsInPerSecond,
    }),
    minInSyncReplicas: topic.minInSyncReplicas,
    partitions: topic.partitions.map((partition) => partitionRow(topic, partition)),
    groups: (view.groupsOfTopic.get(name) ?? []).map((group) => topicGroup(group, name)),
    parts: partsOf(view.snapshot, 'metadata', 'endOffsets', 'startOffsets', 'logDirs', 'configs', 'committedOffsets'),
  }
}

function partitionRow(topic: TopicState, partition: PartitionState): PartitionRow {
  return {
    partition: partition.partition,
    health: evaluatePartitionHealth(partition, topic.minInSyncReplicas),
    leader: partition.leader,
    preferredLeader: partition.replicas[0] ?? null,
    leaderEpoch: partition.leaderEpoch,
    replicas: [...partition.replicas],
    inSync: [...partition.inSync],
    offlineReplicas: [...partition.offlineReplicas],
    logStartOffset: partition.logStartOffset?.toString() ?? null,
    endOffset: partition.endOffset?.toString() ?? null,
    records: recordsOf(partition),
    sizeBytes: leaderSizeOf(partition),
    recordsInPerSecond: partition.recordsInPerSecond,
    underReplicatedSinceMs: partition.underReplicatedSinceMs,
  }
}

/** The group's lag in this topic alone. */
function topicGroup(group: GroupState, topic: string): TopicDetail['groups'][number] {
  const positions = group.partitions.filter((position) => position.topic === topic)
  const lagMs = maxKnown(positions.map((position) => position.lagMs))
  return {
    group: group.id,
    state: group.state,
    lagRecords: sumKnown(positions.map(({ lagRecords }) => (lagRecords === null ? null : Number(lagRecords)))),
    lagSeconds: lagMs === null ? null : lagMs / 1000,
  }
}
