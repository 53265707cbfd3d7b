import { batchesIn, type RecordBatch } from '../record/record-batch.ts'

export interface CoordinatorLog {
  readonly startOffset: number
  /** Whole batches from the one that contains the offset; none at the end. */
  read(offset: number): Promise<Buffer[]>
}

/** Reads a coordinator's partition from its start to its end, unless `isWanted` turns false on the way. */
export async function loadLog(
  log: CoordinatorLog,
  replay: (batch: RecordBatch) => void,
  isWanted: () => boolean,
): Promise<void> {
  let offset = log.startOffset
  while (isWanted()) {
    const buffers = await log.read(offset)
    if (buffers.length === 0) return
    for (const buffer of buffers) {
      for (const batch of batchesIn(buffer)) {
        replay(batch)
        offset = batch.nextOffset
      }
    }
  }
}
