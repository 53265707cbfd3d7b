import type { GroupProgress } from '../contract/group.ts'
import type { GroupVerdict } from '../contract/verdict.ts'
import { healthOfProgress } from './group-progress.ts'

export interface GroupVerdictFacts {
  readonly progress: GroupProgress
  readonly progressSinceMs: number | null
  readonly members: number | null
  readonly lagRecords: number | null
  readonly lagMs: number | null
  readonly consumedPerSecond: number | null
  /** Into the partitions that the group reads. */
  readonly producedPerSecond: number | null
  readonly partitionProgress: readonly GroupProgress[]
}

export function computeGroupVerdict(facts: GroupVerdictFacts): GroupVerdict {
  return {
    code: facts.progress,
    health: healthOfProgress(facts.progress),
    members: facts.members,
    lagRecords: facts.lagRecords,
    lagSeconds: facts.lagMs === null ? null : facts.lagMs / 1000,
    drainSeconds: computeDrainSeconds(facts),
    stuckPartitions: facts.partitionProgress.filter((progress) => progress === 'stuck').length,
    partitions: facts.partitionProgress.length,
    sinceMs: facts.progressSinceMs,
  }
}

/** Seconds until the lag is gone at the present rates; `null` when it does not shrink or a rate is not known. */
export function computeDrainSeconds(facts: {
  readonly lagRecords: number | null
  readonly consumedPerSecond: number | null
  readonly producedPerSecond: number | null
}): number | null {
  const { lagRecords, consumedPerSecond, producedPerSecond } = facts
  if (lagRecords === null || consumedPerSecond === null || producedPerSecond === null) return null
  const surplus = consumedPerSecond - producedPerSecond
  return surplus > 0 ? lagRecords / surplus : null
}
