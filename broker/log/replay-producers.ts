import type { ProducerSnapshots } from './producer-snapshots.ts'
import type { ProducerStates } from './producer-states.ts'
import { scanBatches } from './scan-batches.ts'
import type { Segment } from './segment.ts'

/** Sets `producers` to what the log says up to `upToOffset`: from the latest snapshot, then batch by batch. */
export async function replayProducers(
  producers: ProducerStates,
  snapshots: ProducerSnapshots,
  segments: readonly Segment[],
  upToOffset: number,
): Promise<void> {
  const snapshot = await snapshots.findLatest(upToOffset)
  producers.restore(snapshot?.producers ?? [])
  const fromOffset = snapshot?.offset ?? 0
  for (const [i, segment] of segments.entries()) {
    const endOffset = segments[i + 1]?.baseOffset ?? upToOffset
    if (endOffset <= fromOffset || segment.baseOffset >= upToOffset) continue
    const from = segment.baseOffset >= fromOffset ? 0 : await segment.positionBefore(fromOffset)
    await scanBatches(segment.file, { from, to: segment.writtenBytes }, (batch) => {
      if (batch.baseOffset >= upToOffset) return false
      if (batch.baseOffset >= fromOffset) producers.update(batch)
      return true
    })
  }
}
