import { isAtMinInSync, isBelowMinInSync, isUnderReplicated, type PartitionFacts } from './partition-health.ts'

export interface ReplicatedTopic {
  readonly name: string
  readonly minInSyncReplicas: number | null
  readonly partitions: readonly (PartitionFacts & { readonly underReplicatedSinceMs: number | null })[]
}

/** How the replicas of some topics stand, in figures. */
export interface ReplicationSummary {
  readonly partitions: number
  /** Without a leader: neither read nor written. */
  readonly offline: number
  /** With a leader, but a replica short. */
  readonly underReplicated: number
  /** Topics that `offline` and `underReplicated` are of. */
  readonly topics: readonly string[]
  /** `null` while no topic's `min.insync.replicas` is known. */
  readonly belowMinIsr: number | null
  readonly atMinIsr: number | null
  readonly missingBrokers: readonly number[]
  readonly sinceMs: number | null
}

export function summariseReplication(topics: Iterable<ReplicatedTopic>): ReplicationSummary {
  let partitions = 0
  let offline = 0
  let underReplicated = 0
  let belowMinIsr: number | null = null
  let atMinIsr: number | null = null
  let sinceMs: number | null = null
  const affected = new Set<string>()
  const missing = new Set<number>()
  for (const topic of topics) {
    const min = topic.minInSyncReplicas
    if (min !== null) {
      belowMinIsr ??= 0
      atMinIsr ??= 0
    }
    for (const partition of topic.partitions) {
      partitions++
      const isOffline = partition.leader === null
      if (!isOffline && min !== null && isBelowMinInSync(partition, min)) belowMinIsr = (belowMinIsr ?? 0) + 1
      if (!isOffline && !isUnderReplicated(partition)) continue
      affected.add(topic.name)
      if (isOffline) offline++
      else underReplicated++
      if (min !== null && isAtMinInSync(partition, min)) atMinIsr = (atMinIsr ?? 0) + 1
      for (const id of partition.replicas) if (!partition.inSync.includes(id)) missing.add(id)
      const partitionSinceMs = partition.underReplicatedSinceMs
      if (partitionSinceMs !== null && (sinceMs === null || partitionSinceMs < sinceMs)) sinceMs = partitionSinceMs
    }
  }
  return {
    partitions,
    offline,
    underReplicated,
    topics: [...affected],
    belowMinIsr,
    atMinIsr,
    missingBrokers: [...missing].sort((a, b) => a - b),
    sinceMs,
  }
}

export function healthOfReplication(summary: ReplicationSummary): 'ok' | 'atRisk' | 'critical' {
  if (summary.offline > 0 || (summary.belowMinIsr ?? 0) > 0) return 'critical'
  return summary.underReplicated > 0 ? 'atRisk' : 'ok'
}
