import type { TopicVerdict } from '../contract/verdict.ts'
import { healthOfReplication, type ReplicationSummary } from './replication-summary.ts'

export function computeTopicVerdict(
  replication: ReplicationSummary,
  topic: { readonly replicationFactor: number; readonly recordsInPerSecond: number | null },
): TopicVerdict {
  const health = healthOfReplication(replication)
  if (health === 'ok') return { code: 'inSync', health, partitions: replication.partitions, ...topic }
  return {
    code: 'replicasMissing',
    health,
    partitions: replication.partitions,
    offline: replication.offline,
    underReplicated: replication.underReplicated,
    belowMinIsr: replication.belowMinIsr,
    missingBrokers: [...replication.missingBrokers],
    sinceMs: replication.sinceMs,
  }
}
