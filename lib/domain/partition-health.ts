import type { Health } from '../contract/scalars.ts'

export interface PartitionFacts {
  readonly leader: number | null
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
  readonly addingReplicas: readonly number[]
}

/** A replica that should be there is out of sync. One that a reassignment is still filling is not missed yet. */
export function isUnderReplicated(partition: PartitionFacts): boolean {
  const { replicas, inSync, addingReplicas } = partition
  return replicas.some((id) => !inSync.includes(id) && !addingReplicas.includes(id))
}

/** Refuses `acks=all` now. */
export function isBelowMinInSync(partition: PartitionFacts, minInSyncReplicas: number): boolean {
  return partition.inSync.length < minInSyncReplicas
}

/** Would refuse `acks=all` with one replica less, and was not meant to: it has lost one already. */
export function isAtMinInSync(partition: PartitionFacts, minInSyncReplicas: number): boolean {
  return partition.inSync.length === minInSyncReplicas && isUnderReplicated(partition)
}

export function evaluatePartitionHealth(partition: PartitionFacts, minInSyncReplicas: number | null): Health {
  if (partition.leader === null) return 'critical'
  if (minInSyncReplicas !== null && isBelowMinInSync(partition, minInSyncReplicas)) return 'critical'
  return isUnderReplicated(partition) ? 'atRisk' : 'ok'
}

const worstFirst: readonly Health[] = ['critical', 'atRisk', 'unknown', 'ok']

export function worstHealth(healths: Iterable<Health>): Health {
  const seen = new Set(healths)
  return worstFirst.find((health) => seen.has(health)) ?? 'ok'
}
