import { crc32c } from '@node-rs/crc32'
import { buildBatch } from '../../broker/record/build-batch.ts'
import { compress } from '../../broker/record/compress.ts'
import { RecordBatch } from '../../broker/record/record-batch.ts'
import { rewriteBatch } from '../../broker/record/rewrite-batch.ts'
import { damage } from './damage.ts'
import { edges, type Random } from './random.ts'

/**
 * A record batch with damage in its records, in their compressed bytes or in its header, and mostly with a checksum that is
 * right, or nobody would look any further.
 */
export function hostileBatch(random: Random): Buffer {
  const built = buildBatch({
    records: Array.from({ length: 1 + random.below(5) }, () => randomRecord(random)),
    timestampMs: random.pick([0, 1_750_000_000_000, -1]),
    baseOffset: random.pick([0, 0, 0, 5, 2 ** 31]),
    producerId: random.pick([-1, -1, 7]),
    producerEpoch: random.pick([-1, 0, 3]),
    baseSequence: random.pick([-1, 0, 2 ** 31 - 1]),
    isTransactional: random.oneIn(6),
    isControl: random.oneIn(6),
  })
  const batch = withHostileRecords(new RecordBatch(built), random)
  if (random.oneIn(3)) spoilHeader(batch, random)
  if (!random.oneIn(10)) batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
  return random.oneIn(5) ? damage(batch, random) : batch
}

function withHostileRecords(batch: RecordBatch, random: Random): Buffer {
  const codec = random.below(5)
  const records = random.oneIn(2) ? damage(batch.payload, random) : batch.payload
  // An empty frame is no frame to some of the encoders.
  const compressed = records.length === 0 ? records : compress(records, { codec })
  return rewriteBatch(batch, {
    payload: random.oneIn(2) ? damage(compressed, random) : compressed,
    codec,
    recordCount: batch.recordCount,
    baseTimestampMs: batch.baseTimestampMs,
    maxTimestampMs: batch.maxTimestampMs,
    hasDeleteHorizon: random.oneIn(10),
  })
}

/** Behind the magic byte and the checksum: attributes, offsets, times, producer and counts. */
function spoilHeader(batch: Buffer, random: Random): void {
  const at = random.pick([8, 21, 23, 27, 35, 43, 51, 53, 57])
  if (at === 21) batch[22] = random.next()
  else batch.writeInt32BE(random.pick(edges) | 0, at)
}

function randomRecord(random: Random) {
  const field = () => (random.oneIn(4) ? null : random.bytes(random.oneIn(20) ? random.below(5000) : random.below(20)))
  const headers = Array.from({ length: random.below(3) }, () => ({ key: 'h'.repeat(random.below(4)), value: field() }))
  return {
    key: controlKeyOr(field(), random),
    value: field(),
    headers,
    timestampMs: 1_750_000_000_000 + random.below(9),
  }
}

/** Sometimes that of a control record. */
function controlKeyOr(key: Buffer | null, random: Random): Buffer | null {
  return random.oneIn(4) ? Buffer.from([0, 0, 0, random.below(8)]) : key
}
