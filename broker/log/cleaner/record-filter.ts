import { codecs } from '../../record/compression.ts'
import { findEndTransactionMarker } from '../../record/control-records.ts'
import { compressOffThread, decompressOffThread } from '../../record/offload-compression.ts'
import { noProducerId, noTimestamp, type RecordBatch } from '../../record/record-batch.ts'
import { RecordReader } from '../../record/record-reader.ts'
import { rewriteBatch } from '../../record/rewrite-batch.ts'
import { varintSize, writeVarint } from '../../record/varint.ts'
import type { OffsetMap } from './offset-map.ts'
import type { Pace } from './pace.ts'
import type { TransactionOutcomes } from './transaction-outcomes.ts'

/** What has to stay of a producer so that its next batch is judged rightly after a restart. */
export interface LastRecord {
  /** Undefined when only a marker tells of the producer. */
  readonly lastDataOffset: number | undefined
  readonly producerEpoch: number
}

export interface FilterOptions {
  /** The last offset of each key in the part that is dirty. */
  readonly map: OffsetMap
  readonly outcomes: TransactionOutcomes
  readonly activeProducers: ReadonlyMap<number, LastRecord>
  readonly nowMs: number
  readonly deleteRetentionMs: number
  readonly pace: Pace
}

/** How many records are looked at between two looks at the clock. */
const recordsPerLook = 64

/** What of each batch stays when a log is cleaned, by Kafka's rules (Cleaner, MemoryRecords.filterTo). */
export class RecordFilter {
  readonly #options: FilterOptions

  constructor(options: FilterOptions) {
    this.#options = options
  }

  /**
   * The batch as it stays: as it is, with fewer records, without any, or undefined. `mustStay` keeps at least its header,
   * which tells where the log goes on.
   */
  async filter(batch: RecordBatch, { mustStay }: { mustStay: boolean }): Promise<Buffer | undefined> {
    const marker = batch.isControl && batch.recordCount > 0 ? findEndTransactionMarker(batch) : undefined
    const isVoid = batch.isControl
      ? this.#options.outcomes.isMarkerInVain(batch, marker)
      : this.#options.outcomes.isAborted(batch)
    if (batch.recordCount > 0 && !this.#isDiscarded(batch, isVoid)) {
      const kept = batch.isControl ? this.#keepMarker(batch, isVoid) : await this.#keepRecords(batch)
      if (kept !== undefined) return kept
    }
    return mustStay || this.#isLastOfProducer(batch) ? withoutRecords(batch) : undefined
  }

  /** Aborted records at once; a marker only when all of its records were gone for long enough. */
  #isDiscarded(batch: RecordBatch, isVoid: boolean): boolean {
    if (!isVoid || !batch.isControl) return isVoid
    const { deleteHorizonMs } = batch
    return deleteHorizonMs !== undefined && deleteHorizonMs <= this.#options.nowMs
  }

  #keepMarker(batch: RecordBatch, isVoid: boolean): Buffer {
    if (!isVoid || batch.deleteHorizonMs !== undefined) return batch.bytes
    const records = new RecordReader(batch)
    records.next()
    const kept = [{ start: records.start, end: records.end, bodyAt: records.bodyAt, timestampMs: records.timestampMs }]
    const { payload, baseTimestampMs } = this.#withDeleteHorizon(batch.payload, kept)
    const { recordCount, maxTimestampMs, codec } = batch
    return rewriteBatch(batch, { payload, codec, recordCount, baseTimestampMs, maxTimestampMs, hasDeleteHorizon: true })
  }

  /** Undefined when no record stays. */
  async #keepRecords(batch: RecordBatch): Promise<Buffer | undefined> {
    const { pace } = this.#options
    const bytes = await decompressOffThread(batch.codec, batch.payload)
    const records = new RecordReader(batch, bytes)
    const { deleteHorizonMs, recordCount } = batch
    const kept: KeptRecord[] = []
    let hasTombstone = false
    let maxTimestampMs = noTimestamp
    for (let i = 1; records.next(); i++) {
      if (i % recordsPerLook === 0 && pace.isDue) await pace.rest()
      if (!this.#stays(records, deleteHorizonMs)) continue
      const { start, end, bodyAt, timestampMs } = records
      kept.push({ start, end, bodyAt, timestampMs })
      hasTombstone ||= !records.hasValue
      maxTimestampMs = Math.max(maxTimestampMs, timestampMs)
    }
    const mustSetHorizon = hasTombstone && deleteHorizonMs === undefined
    if (kept.length === 0) return undefined
    if (kept.length === recordCount && !mustSetHorizon) return batch.bytes
    const { payload, baseTimestampMs } = mustSetHorizon
      ? this.#withDeleteHorizon(bytes, kept)
      : { payload: concatRanges(bytes, kept), baseTimestampMs: batch.baseTimestampMs }
    return rewriteBatch(batch, {
      payload: await compressOffThread(payload, batch.codec),
      codec: batch.codec,
      recordCount: kept.length,
      baseTimestampMs,
      maxTimestampMs: batch.hasLogAppendTime ? batch.maxTimestampMs : maxTimestampMs,
      hasDeleteHorizon: mustSetHorizon || deleteHorizonMs !== undefined,
    })
  }

  #stays(record: RecordReader, deleteHorizonMs: number | undefined): boolean {
    const { map, nowMs } = this.#options
    if (record.offset > map.latestOffset) return true
    const { key } = record
    // Producers without keys are refused: it was written before the topic was compacted, and would stay for ever.
    if (key === null || record.offset < map.get(key)) return false
    return record.hasValue || deleteHorizonMs === undefined || nowMs < deleteHorizonMs
  }

  #isLastOfProducer(batch: RecordBatch): boolean {
    if (batch.producerId === noProducerId) return false
    const last = this.#options.activeProducers.get(batch.producerId)
    if (last === undefined) return false
    if (last.lastDataOffset !== undefined) return batch.lastOffset === last.lastDataOffset
    return batch.isControl && batch.producerEpoch === last.producerEpoch
  }

  /** The horizon takes the place of the base that timestamps are relative to. */
  #withDeleteHorizon(bytes: Buffer, kept: readonly KeptRecord[]): { payload: Buffer; baseTimestampMs: number } {
    const baseTimestampMs = this.#options.nowMs + this.#options.deleteRetentionMs
    const sizes = kept.map(({ end, bodyAt, timestampMs }) => {
      return 1 + varintSize(timestampMs - baseTimestampMs) + end - bodyAt
    })
    const payload = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + varintSize(size) + size, 0))
    let at = 0
    for (const [i, { end, bodyAt, timestampMs }] of kept.entries()) {
      at = writeVarint(payload, at, sizes[i] ?? 0)
      payload[at++] = 0
      at = writeVarint(payload, at, timestampMs - baseTimestampMs)
      at += bytes.copy(payload, at, bodyAt, end)
    }
    return { payload, baseTimestampMs }
  }
}

interface KeptRecord {
  readonly start: number
  readonly end: number
  /** Behind the timestamp. */
  readonly bodyAt: number
  readonly timestampMs: number
}

function concatRanges(bytes: Buffer, ranges: readonly KeptRecord[]): Buffer {
  const joined = Buffer.allocUnsafe(ranges.reduce((sum, { start, end }) => sum + end - start, 0))
  let at = 0
  for (const { start, end } of ranges) at += bytes.copy(joined, at, start, end)
  return joined
}

/** The producer's sequences and the last offset stay. */
function withoutRecords(batch: RecordBatch): Buffer {
  if (batch.recordCount === 0) return batch.bytes
  return rewriteBatch(batch, {
    payload: Buffer.alloc(0),
    codec: codecs.none,
    recordCount: 0,
    baseTimestampMs: noTimestamp,
    maxTimestampMs: batch.maxTimestampMs,
    hasDeleteHorizon: false,
  })
}
