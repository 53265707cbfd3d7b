import type { LeaderEpochs } from './leader-epochs.ts'
import type { ProducerSnapshots } from './producer-snapshots.ts'
import type { ProducerStates } from './producer-states.ts'
import { replayProducers } from './replay-producers.ts'
import type { Segment } from './segment.ts'

export interface SegmentRecovery {
  isClean: boolean
  /** Everything before it was synced. */
  recoveryPoint: number
  /** The epochs are lost: they are in the batches. */
  mustReadAll: boolean
  leaderEpochs: LeaderEpochs
  producers: ProducerStates
  snapshots: ProducerSnapshots
}

/**
 * Sets producers and epochs to what the segments say. Those that cannot be relied on are read from the first one on,
 * checksums included, up to the first bad batch or to a gap; what follows is removed.
 */
export async function recoverSegments(
  segments: readonly Segment[],
  recovery: SegmentRecovery,
): Promise<{ kept: readonly Segment[]; wasCut: boolean }> {
  const first = await findFirstUnsure(segments, recovery)
  const sureOffset = segments[first]?.baseOffset ?? segments.at(-1)?.nextOffset ?? 0
  await replayProducers(recovery.producers, recovery.snapshots, segments, sureOffset)
  // What the file says of later batches may be of others that were there before them.
  if (first < segments.length) recovery.leaderEpochs.truncateFromEnd(sureOffset)
  for (const [i, segment] of segments.entries()) {
    if (i < first) continue
    const wasCut = await recoverSegment(segment, recovery)
    const next = segments[i + 1]
    if (wasCut || hasGap(segment, next, recovery)) {
      for (const later of segments.slice(i + 1).reverse()) await later.place.remove()
      return { kept: segments.slice(0, i + 1), wasCut: true }
    }
    if (next !== undefined) {
      await segment.complete()
      segment.unload()
    }
  }
  return { kept: segments, wasCut: false }
}

/** Index of the first segment whose content cannot be relied on; their count when all can. */
async function findFirstUnsure(segments: readonly Segment[], recovery: SegmentRecovery): Promise<number> {
  const last = segments.at(-1)
  if (last === undefined) return 0
  const first = segments.findIndex(
    (segment, i) => recovery.mustReadAll || segment.transactions.isDamaged || isUnsynced(segments[i + 1], recovery),
  )
  if (first !== -1) return first
  await last.load()
  return last.endsWithWholeBatch ? segments.length : segments.length - 1
}

/** Of the segment before `next`. */
function isUnsynced(next: Segment | undefined, { isClean, recoveryPoint }: SegmentRecovery): boolean {
  return !isClean && (next === undefined || next.baseOffset > recoveryPoint)
}

/** @returns whether something was cut off. */
function recoverSegment(segment: Segment, { leaderEpochs, producers }: SegmentRecovery): Promise<boolean> {
  return segment.recover((batch) => {
    if (!batch.hasValidChecksum()) return false
    leaderEpochs.assign(batch.partitionLeaderEpoch, batch.baseOffset)
    const aborted = producers.update(batch)
    if (aborted !== undefined) segment.transactions.append(aborted)
    return true
  })
}

/** A file may have lost its end between two batches. Cleaning leaves gaps too, but only where all is synced. */
function hasGap(segment: Segment, next: Segment | undefined, recovery: SegmentRecovery): boolean {
  return next !== undefined && isUnsynced(next, recovery) && segment.nextOffset !== next.baseOffset
}
