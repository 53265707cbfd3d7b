import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { type Compression, compress } from '../record/compress.ts'
import { decompress } from '../record/compression.ts'
import type { RecordBatch } from '../record/record-batch.ts'
import { rewriteBatch } from '../record/rewrite-batch.ts'

/**
 * The batch in another codec. One that is in that codec already stays as it was sent, whatever its level.
 * @throws KafkaError INVALID_RECORD when it does not decompress
 */
export function recompressBatch(batch: RecordBatch, compression: Compression): Buffer {
  if (batch.codec === compression.codec) return batch.bytes
  const { recordCount, baseTimestampMs, maxTimestampMs } = batch
  return rewriteBatch(batch, {
    payload: compress(recordsOf(batch), compression),
    codec: compression.codec,
    recordCount,
    baseTimestampMs,
    maxTimestampMs,
    hasDeleteHorizon: false,
  })
}

function recordsOf(batch: RecordBatch): Buffer {
  try {
    return decompress(batch.codec, batch.payload)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    throw new KafkaError(errorCodes.INVALID_RECORD, error.message, { cause: error })
  }
}
