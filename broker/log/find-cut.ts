import { scanBatches } from './scan-batches.ts'
import type { Segment } from './segment.ts'

/** Where the batch begins that holds `offset` or the first one behind it. */
export async function findCut(segment: Segment, offset: number): Promise<{ position: number; nextOffset: number }> {
  let nextOffset = offset
  const from = await segment.positionBefore(offset)
  const position = await scanBatches(segment.file, { from, to: segment.writtenBytes }, (batch) => {
    if (batch.lastOffset < offset) return true
    nextOffset = Math.min(offset, batch.baseOffset)
    return false
  })
  return { position, nextOffset }
}
