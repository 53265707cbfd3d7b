import type { GroupProgress } from '../contract/group.ts'
import type { ClusterVerdict } from '../contract/verdict.ts'
import { healthOfProgress } from './group-progress.ts'
import { worstHealth } from './partition-health.ts'
import { healthOfReplication, type ReplicationSummary } from './replication-summary.ts'

export interface ClusterFacts {
  readonly replication: ReplicationSummary
  readonly brokers: readonly { readonly id: number; readonly isOnline: boolean; readonly stateSinceMs: number | null }[]
  /** `null` while groups were never read. */
  readonly groups: readonly GroupFacts[] | null
}

export interface GroupFacts {
  readonly id: string
  readonly progress: GroupProgress
  readonly lagRecords: number | null
  readonly lagMs: number | null
}

/** The one sentence about a cluster that was read. What loses data comes first, then what waits, then all is well. */
export function computeClusterVerdict({ replication, brokers, groups }: ClusterFacts): ClusterVerdict {
  const down = brokers.filter(({ isOnline }) => !isOnline)
  const downSinceMs = earliest(down.map(({ stateSinceMs }) => stateSinceMs))
  const brokersDown = down.map(({ id }) => id)
  // Below min ISR without a lost replica is a topic that can never be written with acks=all: as bad, and nobody else says so.
  if (healthOfReplication(replication) !== 'ok') {
    return {
      code: 'replicasMissing',
      health: healthOfReplication(replication),
      offline: replication.offline,
      underReplicated: replication.underReplicated,
      topics: replication.topics.length,
      belowMinIsr: replication.belowMinIsr,
      atMinIsr: replication.atMinIsr,
      brokersDown,
      sinceMs: earliest([downSinceMs, replication.sinceMs]),
    }
  }
  if (down.length > 0) return { code: 'brokersDown', health: 'atRisk', brokersDown, sinceMs: downSinceMs }
  return groupsBehind(groups ?? []) ?? allWell(brokers.length, replication.partitions, groups)
}

function groupsBehind(groups: readonly GroupFacts[]): ClusterVerdict | undefined {
  const behind = groups.filter(({ progress }) => ['critical', 'atRisk'].includes(healthOfProgress(progress)))
  const [worst] = behind.toSorted(bySlowest)
  if (worst === undefined) return undefined
  return {
    code: 'groupsBehind',
    health: worstHealth(behind.map(({ progress }) => healthOfProgress(progress))),
    groups: behind.length,
    stopped: behind.filter(({ progress }) => progress === 'stopped').length,
    worstGroup: worst.id,
    lagRecords: worst.lagRecords,
    lagSeconds: worst.lagMs === null ? null : worst.lagMs / 1000,
  }
}

function allWell(brokers: number, partitions: number, groups: readonly GroupFacts[] | null): ClusterVerdict {
  const [slowest] = (groups ?? []).filter(({ lagMs }) => (lagMs ?? 0) > 0).toSorted(bySlowest)
  return {
    code: 'allWell',
    health: 'ok',
    brokers,
    partitions,
    groups: groups?.length ?? null,
    groupsKeepingUp: groups?.filter(({ progress }) => healthOfProgress(progress) === 'ok').length ?? null,
    slowestGroup: slowest?.id ?? null,
    slowestSeconds: slowest?.lagMs == null ? null : slowest.lagMs / 1000,
  }
}

/** By time behind, then by records behind; what is not known comes last. */
export function bySlowest(
  a: { lagMs: number | null; lagRecords: number | null },
  b: { lagMs: number | null; lagRecords: number | null },
): number {
  return (b.lagMs ?? -1) - (a.lagMs ?? -1) || (b.lagRecords ?? -1) - (a.lagRecords ?? -1)
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}
