import { decodeRecords } from '../record/decode-records.ts'
import { batchesIn } from '../record/record-batch.ts'
import { decodeGroupRecord, type GroupRecord } from './group-records.ts'

export interface GroupLog {
  readonly startOffset: number
  /** Whole batches from the one that contains the offset; none at the end. */
  read(offset: number): Promise<Buffer[]>
}

/** Reads a partition of `__consumer_offsets` from its start to its end, unless `isWanted` turns false on the way. */
export async function loadGroups(
  log: GroupLog,
  replay: (record: GroupRecord) => void,
  isWanted: () => boolean,
): Promise<void> {
  let offset = log.startOffset
  while (isWanted()) {
    const buffers = await log.read(offset)
    if (buffers.length === 0) return
    for (const buffer of buffers) offset = replayBatches(buffer, replay) ?? offset
  }
}

function replayBatches(buffer: Buffer, replay: (record: GroupRecord) => void): number | undefined {
  let nextOffset: number | undefined
  for (const batch of batchesIn(buffer)) {
    nextOffset = batch.nextOffset
    if (batch.isControl) continue
    for (const { key, value } of decodeRecords(batch)) {
      const record = key === null ? undefined : decodeGroupRecord(key, value)
      if (record !== undefined) replay(record)
    }
  }
  return nextOffset
}
