import type { GroupProgress } from '../contract/group.ts'
import type { Health } from '../contract/scalars.ts'

export interface PositionFacts {
  readonly hasCommitted: boolean
  /** `null`: the end offset is not known. */
  readonly lagRecords: number | null
  readonly lagMs: number | null
  /** How long we have seen the committed offset stand still with records left to read. */
  readonly unmovedMs: number
  /** Lag now minus lag at the start of the window, once the window is complete. */
  readonly lagChange: number | null
  /** Lag was zero somewhere in the window. */
  readonly hadZeroLag: boolean
  /** `null`: the group's members are not known. */
  readonly hasMembers: boolean | null
  /** Nobody ever joined the group: its consumers assign partitions to themselves and are no members. */
  readonly assignsItself: boolean
}

/** A consumer that commits every 5 s is up to a commit and a tick behind while it keeps up. */
const keepingUpLagMs = 15_000
const steadyLagMsMax = 60_000
const stuckAfterMs = 120_000
/** Consumers that assign partitions to themselves count as active while their offsets move. */
const memberlessActiveMs = 30_000
const significantChange = 0.05

/** Burrow's rules for a poller that sees offsets at ticks and not each commit. The first that holds decides. */
export function evaluatePositionProgress(facts: PositionFacts): GroupProgress {
  const { lagRecords, lagMs, lagChange } = facts
  if (!facts.hasCommitted) return 'notCommitting'
  if (lagRecords === null) return 'unknown'
  if (lagRecords === 0) return facts.hasMembers === false ? 'idle' : 'keepingUp'
  if (facts.hasMembers === false) {
    if (!facts.assignsItself || facts.unmovedMs >= memberlessActiveMs) return 'stopped'
  }
  // After a transaction its marker stays unread: one record of lag that never goes is normal (KAFKA-6607).
  if (lagRecords === 1 && facts.unmovedMs >= stuckAfterMs) return 'keepingUp'
  if (facts.unmovedMs >= stuckAfterMs) return 'stuck'
  if (facts.hadZeroLag || (lagMs !== null && lagMs <= keepingUpLagMs)) return 'keepingUp'
  if (lagChange === null) return 'unknown'
  const significant = Math.max(1, lagRecords * significantChange)
  if (lagChange >= significant) return 'fallingBehind'
  if (lagChange <= -significant) return 'catchingUp'
  return lagMs !== null && lagMs <= steadyLagMsMax ? 'keepingUp' : 'fallingBehind'
}

/** Worst first: a group is as its worst partition. */
const worstFirst: readonly GroupProgress[] = [
  'stuck',
  'stopped',
  'fallingBehind',
  'catchingUp',
  'keepingUp',
  'idle',
  'unknown',
  'notCommitting',
]

export function evaluateGroupProgress(positions: Iterable<GroupProgress>, hasMembers: boolean | null): GroupProgress {
  const seen = new Set(positions)
  const worst = worstFirst.find((progress) => seen.has(progress))
  if (worst !== undefined) return worst
  return hasMembers === false ? 'idle' : 'notCommitting'
}

/** A group that stopped did so when its last member went, though there may have been nothing to read yet. */
export function computeProgressSince(
  progress: GroupProgress,
  facts: { readonly nowMs: number; readonly memberlessSinceMs: number | null; readonly assignsItself: boolean },
): number {
  if (progress !== 'stopped' || facts.assignsItself) return facts.nowMs
  return facts.memberlessSinceMs ?? facts.nowMs
}

export function healthOfProgress(progress: GroupProgress): Health {
  switch (progress) {
    case 'stuck':
      return 'critical'
    case 'stopped':
    case 'fallingBehind':
      return 'atRisk'
    case 'catchingUp':
    case 'keepingUp':
    case 'idle':
      return 'ok'
    case 'notCommitting':
    case 'unknown':
      return 'unknown'
  }
}
