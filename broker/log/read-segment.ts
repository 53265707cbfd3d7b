import { batchHeaderBytes, RecordBatch } from '../record/record-batch.ts'
import type { Segment } from './segment.ts'

export interface SegmentRead {
  offset: number
  /** Batches that end behind it are left out. */
  upToOffset: number
  bytesMax: number
  atLeastOneBatch: boolean
  /** How far an index entry may be before the batch: read in addition, so that one read is enough. */
  indexIntervalBytes: number
}

/**
 * Whole batches of a segment's file from the one that contains `offset`.
 * @returns undefined when the segment ends before it; an empty buffer when the limits leave nothing.
 */
export async function readSegment(segment: Segment, read: SegmentRead): Promise<Buffer | undefined> {
  let position = await segment.positionBefore(read.offset)
  const end = segment.writtenBytes
  let length = read.bytesMax + read.indexIntervalBytes + batchHeaderBytes
  while (position < end) {
    const chunk = Buffer.allocUnsafeSlow(Math.min(length, end - position))
    const chunkLength = await segment.file.read(chunk, position)
    const batch = new RecordBatch(chunk.subarray(0, chunkLength))
    while (batch.isComplete && batch.lastOffset < read.offset) batch.moveTo(batch.end)
    if (batch.isComplete) return wholeBatches(batch, read)
    if (chunkLength < chunk.length || batch.position + batchHeaderBytes > chunkLength) {
      if (chunkLength < chunk.length || batch.position === 0) return undefined
      position += batch.position
    } else if (batch.lastOffset < read.offset) {
      position += batch.end
    } else {
      const isTooLarge = batch.sizeBytes > read.bytesMax && !read.atLeastOneBatch
      if (batch.nextOffset > read.upToOffset || isTooLarge) return Buffer.alloc(0)
      position += batch.position
      length = Math.max(length, batch.sizeBytes)
    }
  }
  return undefined
}

function wholeBatches(batch: RecordBatch, { upToOffset, bytesMax, atLeastOneBatch }: SegmentRead): Buffer {
  const start = batch.position
  while (batch.isComplete && batch.nextOffset <= upToOffset) {
    const isFirst = atLeastOneBatch && batch.position === start
    if (!isFirst && batch.end - start > bytesMax) break
    batch.moveTo(batch.end)
  }
  return batch.buffer.subarray(start, batch.position)
}
