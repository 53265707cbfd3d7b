import type { RecordBatch } from '../record/record-batch.ts'
import { RecordReader } from '../record/record-reader.ts'
import { scanBatches } from './scan-batches.ts'
import type { Segment } from './segment.ts'

export interface TimestampOffset {
  offset: number
  timestampMs: number
  leaderEpoch: number
}

/** The first record of a segment at or after `fromOffset` that is as young as `timestampMs`. */
export async function findByTimestamp(
  segment: Segment,
  timestampMs: number,
  fromOffset: number,
): Promise<TimestampOffset | undefined> {
  let found: TimestampOffset | undefined
  const from = await segment.positionBeforeTimestamp(timestampMs)
  const scan = { from, to: segment.writtenBytes, chunkBytes: 64 * 1024 }
  await scanBatches(segment.file, scan, (batch) => {
    if (batch.maxTimestampMs >= timestampMs && batch.lastOffset >= fromOffset) {
      found = findInBatch(batch, timestampMs, fromOffset)
    }
    return found === undefined
  })
  return found
}

/** Looks into the records: the one place where reading needs to know their codec. */
function findInBatch(batch: RecordBatch, timestampMs: number, fromOffset: number): TimestampOffset | undefined {
  const records = new RecordReader(batch)
  while (records.next()) {
    if (records.timestampMs < timestampMs || records.offset < fromOffset) continue
    return { offset: records.offset, timestampMs: records.timestampMs, leaderEpoch: batch.partitionLeaderEpoch }
  }
  return undefined
}
