import { type Compression, compressions, decompress } from './decompress.ts'
import { WireReader } from './wire-reader.ts'

export interface DecodedRecord {
  readonly offset: bigint
  /** `null` when the producer gave none. */
  readonly timestampMs: number | null
  readonly timestampType: 'create' | 'logAppend'
  readonly compression: Compression
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[]
}

export interface DecodedBatches {
  readonly records: DecodedRecord[]
  /** The offset after the last whole batch; `null` when not one was whole. */
  readonly nextOffset: bigint | null
  /** What could not be read, and is left out of `records`. */
  readonly problem: string | null
}

const batchPrefixBytes = 12
const batchHeaderBytes = 61
/** Of one batch: a thousand bytes can unpack to millions of empty ones. */
const recordsMax = 1_000_000
const logAppendTime = 0x08
const control = 0x20

/** Record batches v2 as Fetch returns them; the last may be cut off. Control batches (transaction markers) are skipped. */
export function decodeRecordBatches(bytes: Buffer): DecodedBatches {
  const records: DecodedRecord[] = []
  let nextOffset: bigint | null = null
  let problem: string | null = null
  let position = 0
  while (position + batchPrefixBytes <= bytes.length) {
    const end = position + batchPrefixBytes + bytes.readInt32BE(position + 8)
    if (end < position + batchHeaderBytes) {
      problem = `What follows at byte ${position} is no batch.`
      break
    }
    if (end > bytes.length) break
    const batch = bytes.subarray(position, end)
    position = end
    try {
      nextOffset = decodeBatch(batch, records)
    } catch (cause) {
      nextOffset = lastOffsetOf(batch) + 1n
      problem = `The batch at offset ${batch.readBigInt64BE(0)} cannot be read: ${cause instanceof Error ? cause.message : cause}`
    }
  }
  return { records, nextOffset, problem }
}

function lastOffsetOf(batch: Buffer): bigint {
  return batch.readInt8(16) === 2 ? batch.readBigInt64BE(0) + BigInt(batch.readInt32BE(23)) : batch.readBigInt64BE(0)
}

/** Appends the batch's records and returns the offset after it. */
function decodeBatch(batch: Buffer, records: DecodedRecord[]): bigint {
  const header = new WireReader(batch)
  const baseOffset = header.int64()
  header.bytes(8)
  const magic = header.int8()
  if (magic !== 2) throw new RangeError(`message format ${magic} is older than Kafka 0.11`)
  header.bytes(4)
  const attributes = header.int16()
  const lastOffsetDelta = header.int32()
  const baseTimestamp = header.int64AsNumber()
  const maxTimestamp = header.int64AsNumber()
  header.bytes(14)
  const count = header.int32()
  if (count > recordsMax) throw new RangeError(`${count} records are more than can be shown`)
  const nextOffset = baseOffset + BigInt(lastOffsetDelta) + 1n
  if ((attributes & control) !== 0) return nextOffset
  const compression = compressions[attributes & 0x07]
  if (compression === undefined) throw new RangeError(`compression ${attributes & 0x07} is not known`)
  const timestampType = (attributes & logAppendTime) === 0 ? 'create' : 'logAppend'
  const reader = new WireReader(decompress(compression, header.bytes(header.remaining)))
  for (let i = 0; i < count; i++) {
    reader.varint()
    reader.int8()
    const timestampMs = baseTimestamp + Number(reader.varlong())
    records.push({
      compression,
      timestampType,
      offset: baseOffset + BigInt(reader.varint()),
      timestampMs: timestampOf(timestampType === 'create' ? timestampMs : maxTimestamp),
      key: readVarintBytes(reader),
      value: readVarintBytes(reader),
      headers: readHeaders(reader),
    })
  }
  return nextOffset
}

function timestampOf(timestampMs: number): number | null {
  return timestampMs < 0 ? null : timestampMs
}

function readVarintBytes(reader: WireReader): Buffer | null {
  const length = reader.varint()
  return length < 0 ? null : reader.bytes(length)
}

function readHeaders(reader: WireReader): { key: string; value: Buffer | null }[] {
  const count = reader.varint()
  const headers: { key: string; value: Buffer | null }[] = []
  for (let i = 0; i < count; i++) {
    const key = readVarintBytes(reader)?.toString() ?? ''
    headers.push({ key, value: readVarintBytes(reader) })
  }
  return headers
}
