/** What a good colleague would say of a topic before it is created. None of these is refused by Kafka but the broker count. */
export type TopicWarning =
  | { code: 'replicationAboveBrokers'; replicationFactor: number; brokers: number }
  | { code: 'singleReplica' }
  | { code: 'minInSyncIsAll' }
  | { code: 'minInSyncAboveReplication'; minInSync: number; replicationFactor: number }
  | { code: 'manyPartitions'; partitions: number }
  | { code: 'mixedSeparators' }
  | { code: 'keptForever' }

export interface PlannedTopic {
  name: string
  partitions: number
  replicationFactor: number
  minInSync: number
  brokers: number
  cleanupPolicy: string
  retentionMs: number
  retentionBytes: number
}

const manyPartitionsMin = 200

export function findTopicWarnings(topic: PlannedTopic): TopicWarning[] {
  const { replicationFactor, minInSync, brokers, partitions } = topic
  const warnings: TopicWarning[] = []
  if (replicationFactor > brokers) warnings.push({ code: 'replicationAboveBrokers', replicationFactor, brokers })
  if (replicationFactor === 1) warnings.push({ code: 'singleReplica' })
  if (minInSync > replicationFactor) warnings.push({ code: 'minInSyncAboveReplication', minInSync, replicationFactor })
  else if (minInSync === replicationFactor && replicationFactor > 1) warnings.push({ code: 'minInSyncIsAll' })
  if (partitions >= manyPartitionsMin) warnings.push({ code: 'manyPartitions', partitions })
  if (topic.name.includes('.') && topic.name.includes('_')) warnings.push({ code: 'mixedSeparators' })
  if (topic.cleanupPolicy === 'delete' && topic.retentionMs < 0 && topic.retentionBytes < 0) {
    warnings.push({ code: 'keptForever' })
  }
  return warnings
}
