import { ProtocolError } from '../protocol/protocol-error.ts'
import { batchHeaderBytes, batchOverheadBytes, RecordBatch } from '../record/record-batch.ts'
import type { LogFile } from './file-system.ts'

export interface ScanOptions {
  /** A position at which a batch begins. */
  from: number
  to: number
  /** Read at once; a larger batch is read whole. */
  chunkBytes?: number
}

/**
 * Visits the batches of a file in order until `visit` returns false, the bytes are no batch, or `to` is reached. The batch
 * is a view that is only valid during the visit.
 * @returns where the first batch begins that was not visited, or that `visit` declined.
 */
export async function scanBatches(
  file: LogFile,
  { from, to, chunkBytes = 1024 * 1024 }: ScanOptions,
  visit: (batch: RecordBatch, position: number) => boolean,
): Promise<number> {
  let chunk = Buffer.allocUnsafeSlow(Math.max(0, Math.min(chunkBytes, to - from)))
  let position = from
  while (to - position >= batchHeaderBytes) {
    const length = await file.read(chunk.subarray(0, Math.min(chunk.length, to - position)), position)
    const batch = new RecordBatch(chunk.subarray(0, length))
    while (batch.isComplete && batch.hasKnownFormat) {
      if (!visit(batch, position + batch.position)) return position + batch.position
      batch.moveTo(batch.end)
    }
    position += batch.position
    if (batch.position > 0) continue
    // Not even the first batch was whole: it is longer than the chunk, or it is none.
    const size = length < batchOverheadBytes ? 0 : batch.sizeBytes
    if (size <= length || size > to - position) return position
    chunk = Buffer.allocUnsafeSlow(size)
  }
  return position
}

/**
 * The same for whoever has to wait between two batches. Each batch is a view that is valid until the next is asked for.
 * @throws ProtocolError where the bytes before `to` are no batch.
 */
export async function* walkBatches(
  file: LogFile,
  { from, to, chunkBytes = 1024 * 1024 }: ScanOptions,
): AsyncGenerator<RecordBatch, void, undefined> {
  let chunk = Buffer.allocUnsafeSlow(Math.max(0, Math.min(chunkBytes, to - from)))
  let position = from
  while (to - position >= batchHeaderBytes) {
    const length = await file.read(chunk.subarray(0, Math.min(chunk.length, to - position)), position)
    const batch = new RecordBatch(chunk.subarray(0, length))
    while (batch.isComplete && batch.hasKnownFormat) {
      yield batch
      batch.moveTo(batch.end)
    }
    position += batch.position
    if (batch.position > 0) continue
    const size = length < batchOverheadBytes ? 0 : batch.sizeBytes
    if (size <= length || size > to - position) break
    chunk = Buffer.allocUnsafeSlow(size)
  }
  if (position < to) throw new ProtocolError(`Not a record batch at byte ${position} of ${file.path}`)
}
