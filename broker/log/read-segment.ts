import { ProtocolError } from '../protocol/protocol-error.ts'
import { batchHeaderBytes, RecordBatch } from '../record/record-batch.ts'
import { type ReadLoan, readInto } from './read-loan.ts'
import type { Segment } from './segment.ts'

export interface SegmentRead {
  offset: number
  /** Batches that end behind it are left out. */
  upToOffset: number
  bytesMax: number
  atLeastOneBatch: boolean
  /** How far an index entry may be before the batch: read in addition, so that one read is enough. */
  indexIntervalBytes: number
  loan?: ReadLoan | undefined
}

/**
 * Whole batches of a segment's file from the one that contains `offset`.
 * @returns undefined when the segment ends before it; an empty buffer when the limits leave nothing.
 * @throws ProtocolError where the file holds something else.
 */
export async function readSegment(segment: Segment, read: SegmentRead): Promise<Buffer | undefined> {
  let entry = await segment.indexEntryBefore(read.offset)
  let position = entry?.position ?? 0
  const end = segment.writtenBytes
  let length = read.bytesMax + read.indexIntervalBytes + batchHeaderBytes
  while (position < end) {
    const chunkBytes = Math.min(length, end - position)
    const chunk = await (read.loan?.read(segment.file, chunkBytes, position) ??
      readInto(Buffer.allocUnsafeSlow(chunkBytes), segment.file, position))
    const batch = new RecordBatch(chunk)
    if (entry !== undefined && !segment.beginsAt(entry, batch)) {
      entry = undefined
      position = 0
      continue
    }
    entry = undefined
    while (batch.isComplete && batch.lastOffset < read.offset) batch.moveTo(batch.end)
    if (batch.isComplete) return wholeBatches(batch, read)
    const isCut = chunk.length < chunkBytes
    if (isCut || batch.position + batchHeaderBytes > chunk.length) {
      if (isCut || batch.position === 0) return undefined
      position += batch.position
    } else if (batch.sizeBytes < batchHeaderBytes || batch.end > end - position) {
      throw new ProtocolError(`Not a record batch at byte ${position + batch.position} of ${segment.file.path}`)
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
