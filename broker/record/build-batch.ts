import { crc32c } from '@node-rs/crc32'
import { writeInt64 } from '../protocol/int64.ts'
import { batchHeaderBytes, batchOverheadBytes, noProducerId, noSequence } from './record-batch.ts'
import type { RecordHeader } from './record-reader.ts'
import { varintSize, writeVarint } from './varint.ts'

export interface NewRecord {
  key: Buffer | null
  value: Buffer | null
  /** The batch's, when left out. */
  timestampMs?: number
  headers?: readonly RecordHeader[]
}

export interface NewBatch {
  records: readonly NewRecord[]
  timestampMs: number
  baseOffset?: number
  partitionLeaderEpoch?: number
  producerId?: number
  producerEpoch?: number
  baseSequence?: number
  isTransactional?: boolean
  isControl?: boolean
}

/** An uncompressed batch of what a coordinator or the controller writes. At least one record. */
export function buildBatch(batch: NewBatch): Buffer {
  const size = batchHeaderBytes + batch.records.reduce((sum, record, i) => sum + recordSize(record, i, batch), 0)
  const buffer = Buffer.allocUnsafe(size)
  const writer = new RecordWriter(buffer, batchHeaderBytes)
  let maxTimestampMs = -1
  for (const [i, record] of batch.records.entries()) {
    writer.record(record, i, batch.timestampMs)
    maxTimestampMs = Math.max(maxTimestampMs, record.timestampMs ?? batch.timestampMs)
  }
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
  writeInt64(view, 0, batch.baseOffset ?? 0)
  view.setInt32(8, size - batchOverheadBytes)
  view.setInt32(12, batch.partitionLeaderEpoch ?? -1)
  view.setInt8(16, 2)
  view.setInt16(21, (batch.isTransactional ? 0x10 : 0) | (batch.isControl ? 0x20 : 0))
  view.setInt32(23, batch.records.length - 1)
  writeInt64(view, 27, batch.timestampMs)
  writeInt64(view, 35, maxTimestampMs)
  writeInt64(view, 43, batch.producerId ?? noProducerId)
  view.setInt16(51, batch.producerEpoch ?? -1)
  view.setInt32(53, batch.baseSequence ?? noSequence)
  view.setInt32(57, batch.records.length)
  view.setUint32(17, crc32c(buffer.subarray(21)))
  return buffer
}

function recordSize(record: NewRecord, offsetDelta: number, batch: NewBatch): number {
  const body = recordBodySize(record, offsetDelta, batch.timestampMs)
  return varintSize(body) + body
}

function recordBodySize(record: NewRecord, offsetDelta: number, baseTimestampMs: number): number {
  const headers = record.headers ?? []
  let size = 1 + varintSize((record.timestampMs ?? baseTimestampMs) - baseTimestampMs) + varintSize(offsetDelta)
  size += fieldSize(record.key) + fieldSize(record.value) + varintSize(headers.length)
  for (const header of headers) size += fieldSize(Buffer.from(header.key)) + fieldSize(header.value)
  return size
}

function fieldSize(field: Buffer | null): number {
  return field === null ? varintSize(-1) : varintSize(field.length) + field.length
}

class RecordWriter {
  readonly #buffer: Buffer
  #position: number

  constructor(buffer: Buffer, position: number) {
    this.#buffer = buffer
    this.#position = position
  }

  record(record: NewRecord, offsetDelta: number, baseTimestampMs: number): void {
    const headers = record.headers ?? []
    this.#varint(recordBodySize(record, offsetDelta, baseTimestampMs))
    this.#buffer[this.#position++] = 0
    this.#varint((record.timestampMs ?? baseTimestampMs) - baseTimestampMs)
    this.#varint(offsetDelta)
    this.#field(record.key)
    this.#field(record.value)
    this.#varint(headers.length)
    for (const header of headers) {
      this.#field(Buffer.from(header.key))
      this.#field(header.value)
    }
  }

  #field(field: Buffer | null): void {
    this.#varint(field === null ? -1 : field.length)
    if (field !== null) this.#position += field.copy(this.#buffer, this.#position)
  }

  #varint(value: number): void {
    this.#position = writeVarint(this.#buffer, this.#position, value)
  }
}
