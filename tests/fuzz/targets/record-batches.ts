import assert from 'node:assert'
import { validateClientBatch } from '../../../broker/log/batch-validator.ts'
import { defaultLogConfig, type LogConfig } from '../../../broker/log/log-config.ts'
import { recompressBatch } from '../../../broker/log/recompress-batch.ts'
import { KafkaError } from '../../../broker/protocol/errors.ts'
import { codecs, decompress } from '../../../broker/record/compression.ts'
import { findEndTransactionMarker, isSnapshotFooter } from '../../../broker/record/control-records.ts'
import { decodeRecords } from '../../../broker/record/decode-records.ts'
import { batchesIn, RecordBatch } from '../../../broker/record/record-batch.ts'
import { damage } from '../damage.ts'
import type { FuzzTarget } from '../fuzz-target.ts'
import { hostileBatch } from '../hostile-batch.ts'
import { readOrRefuse } from '../read-or-refuse.ts'

const nowMs = 1_750_000_000_000
/** A record takes seven bytes at least: its length, attributes, time, offset, key, value and headers. */
const recordBytesMin = 7

/** What is fetched, replayed by coordinators, cleaned or looked up by time. */
export const storedBatches: FuzzTarget = {
  name: 'record batches',
  weight: 8,
  run(random) {
    const bytes = Buffer.concat([hostileBatch(random), random.oneIn(4) ? hostileBatch(random) : Buffer.alloc(0)])
    readOrRefuse(() => {
      for (const batch of batchesIn(bytes)) {
        const decompressed = readOrRefuse(() => decompress(batch.codec, batch.payload))
        const records = readOrRefuse(() => decodeRecords(batch))
        if (records === undefined) continue
        assert(decompressed !== undefined && records.length * recordBytesMin <= decompressed.length)
      }
    })
  },
}

/** What decides the fate of transactions. */
export const controlBatches: FuzzTarget = {
  name: 'control records',
  weight: 2,
  run(random) {
    readOrRefuse(() => {
      for (const batch of batchesIn(hostileBatch(random))) {
        readOrRefuse(() => findEndTransactionMarker(batch))
        readOrRefuse(() => isSnapshotFooter(batch))
      }
    })
  },
}

const configs: readonly LogConfig[] = [
  defaultLogConfig,
  { ...defaultLogConfig, isCompacted: true },
  { ...defaultLogConfig, timestampType: 'LogAppendTime' },
  { ...defaultLogConfig, compression: { codec: codecs.lz4 } },
]

/** What a producer sends. Whatever the leader accepts, it must be able to read and to recompress. */
export const producedBatches: FuzzTarget = {
  name: 'produced batches',
  weight: 4,
  run(random) {
    const config = random.pick(configs)
    const batch = new RecordBatch(hostileBatch(random))
    orKafkaError(() => {
      validateClientBatch(batch, { config, nowMs, logName: 'orders-0' })
      if (config.isCompacted) assert.equal(decodeRecords(batch).length, batch.recordCount)
      const { compression } = config
      // What is in the topic's codec already is stored as it was sent.
      if (compression === undefined || compression.codec === batch.codec) return
      decodeRecords(new RecordBatch(recompressBatch(batch, compression)))
    })
  },
}

/** Bytes that never were compressed, or not by this codec. */
export const compressedBytes: FuzzTarget = {
  name: 'compressed bytes',
  weight: 2,
  run(random) {
    const batch = new RecordBatch(hostileBatch(random))
    const bytes = random.oneIn(3) || !batch.isComplete ? random.bytes(random.below(100)) : damage(batch.payload, random)
    readOrRefuse(() => decompress(random.below(8), bytes))
  },
}

function orKafkaError(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
  }
}
