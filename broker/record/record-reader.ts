import { ProtocolError } from '../protocol/protocol-error.ts'
import { decompress } from './compression.ts'
import type { RecordBatch } from './record-batch.ts'

export interface RecordHeader {
  key: string
  value: Buffer | null
}

/**
 * Walks the records of one batch without making an object of each: `next` moves to the following record, the getters
 * say what it holds. Anything malformed is a ProtocolError.
 */
export class RecordReader {
  readonly #bytes: Buffer
  readonly #baseOffset: number
  readonly #baseTimestampMs: number
  readonly #logAppendTimeMs: number | undefined
  #left: number
  #position = 0
  #start = 0
  #bodyAt = 0
  #end = 0
  #timestampDelta = 0
  #offsetDelta = 0
  #keyAt = 0
  #keyLength = -1
  #valueAt = 0
  #valueLength = -1
  #headersAt = 0

  /** `records`: of the batch, decompressed. */
  constructor(batch: RecordBatch, records: Buffer = decompress(batch.codec, batch.payload)) {
    this.#bytes = records
    this.#baseOffset = batch.baseOffset
    this.#baseTimestampMs = batch.baseTimestampMs
    this.#logAppendTimeMs = batch.hasLogAppendTime ? batch.maxTimestampMs : undefined
    this.#left = batch.recordCount
  }

  /** False after the last record. */
  next(): boolean {
    if (this.#left === 0) {
      if (this.#end !== this.#bytes.length) throw new ProtocolError('Bytes after the last record of a batch')
      return false
    }
    this.#left--
    this.#start = this.#end
    this.#position = this.#end
    const length = this.#varint()
    this.#end = this.#position + length
    if (length < 0 || this.#end > this.#bytes.length) throw new ProtocolError(`Record of ${length} bytes`)
    this.#position++
    this.#timestampDelta = this.#varlong()
    this.#bodyAt = this.#position
    this.#offsetDelta = this.#varint()
    this.#keyLength = this.#varint()
    this.#keyAt = this.#skip(this.#keyLength)
    this.#valueLength = this.#varint()
    this.#valueAt = this.#skip(this.#valueLength)
    this.#headersAt = this.#position
    this.#skipHeaders()
    if (this.#position !== this.#end) throw new ProtocolError(`Record that does not fill its ${length} bytes`)
    return true
  }

  /** Where the record lies among the decompressed ones. */
  get start(): number {
    return this.#start
  }

  get end(): number {
    return this.#end
  }

  /** Where the record goes on behind its timestamp, up to `end`. */
  get bodyAt(): number {
    return this.#bodyAt
  }

  get offsetDelta(): number {
    return this.#offsetDelta
  }

  get offset(): number {
    return this.#baseOffset + this.#offsetDelta
  }

  get timestampMs(): number {
    return this.#logAppendTimeMs ?? this.#baseTimestampMs + this.#timestampDelta
  }

  get hasKey(): boolean {
    return this.#keyLength >= 0
  }

  get hasValue(): boolean {
    return this.#valueLength >= 0
  }

  get key(): Buffer | null {
    return this.#keyLength < 0 ? null : this.#bytes.subarray(this.#keyAt, this.#keyAt + this.#keyLength)
  }

  get value(): Buffer | null {
    return this.#valueLength < 0 ? null : this.#bytes.subarray(this.#valueAt, this.#valueAt + this.#valueLength)
  }

  readHeaders(): RecordHeader[] {
    this.#position = this.#headersAt
    const count = this.#varint()
    const headers: RecordHeader[] = []
    for (let i = 0; i < count; i++) {
      const keyLength = this.#varint()
      const keyAt = this.#skip(keyLength)
      const valueLength = this.#varint()
      const valueAt = this.#skip(valueLength)
      headers.push({
        key: this.#bytes.toString('utf8', keyAt, keyAt + keyLength),
        value: valueLength < 0 ? null : this.#bytes.subarray(valueAt, valueAt + valueLength),
      })
    }
    return headers
  }

  #skipHeaders(): void {
    const count = this.#varint()
    if (count < 0 || count > this.#end - this.#position) throw new ProtocolError(`${count} record headers`)
    for (let i = 0; i < count; i++) {
      const keyLength = this.#varint()
      if (keyLength < 0) throw new ProtocolError('Record header without a key')
      this.#skip(keyLength)
      this.#skip(this.#varint())
    }
  }

  /** Steps over a field of `length` bytes, of which -1 is null, and returns where it begins. */
  #skip(length: number): number {
    const at = this.#position
    if (length > this.#end - at || length < -1) throw new ProtocolError(`Record field of ${length} bytes`)
    if (length > 0) this.#position += length
    return at
  }

  #varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    throw new ProtocolError('Varint longer than 5 bytes in a record')
  }

  #varlong(): number {
    let value = 0
    let unit = 1
    for (let length = 0; length < 10; length++) {
      const byte = this.#byte()
      value += (byte & 0x7f) * unit
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
      unit *= 128
    }
    throw new ProtocolError('Varlong longer than 10 bytes in a record')
  }

  #byte(): number {
    const byte = this.#bytes[this.#position++]
    if (byte === undefined) throw new ProtocolError('Record cut short')
    return byte
  }
}
