import { crc32c } from '@node-rs/crc32'
import { writeInt64 } from '../protocol/int64.ts'
import { batchHeaderBytes, batchOverheadBytes, type RecordBatch } from './record-batch.ts'

export interface BatchChanges {
  /** Compressed by `codec`. */
  readonly payload: Buffer
  readonly codec: number
  readonly recordCount: number
  readonly baseTimestampMs: number
  readonly maxTimestampMs: number
  /** Whether `baseTimestampMs` is the time from which tombstones and markers may go. */
  readonly hasDeleteHorizon: boolean
}

/** A batch with other records under the same offsets, producer and sequences, its checksum computed anew. */
export function rewriteBatch(batch: RecordBatch, changes: BatchChanges): Buffer {
  const { payload } = changes
  const bytes = Buffer.allocUnsafe(batchHeaderBytes + payload.length)
  batch.buffer.copy(bytes, 0, batch.position, batch.position + batchHeaderBytes)
  payload.copy(bytes, batchHeaderBytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  view.setInt32(8, bytes.length - batchOverheadBytes)
  const kept = view.getInt16(21) & ~(codecMask | deleteHorizonFlag)
  view.setInt16(21, kept | changes.codec | (changes.hasDeleteHorizon ? deleteHorizonFlag : 0))
  writeInt64(view, 27, changes.baseTimestampMs)
  writeInt64(view, 35, changes.maxTimestampMs)
  view.setInt32(57, changes.recordCount)
  view.setUint32(17, crc32c(bytes.subarray(21)))
  return bytes
}

const codecMask = 0x07
const deleteHorizonFlag = 0x40
