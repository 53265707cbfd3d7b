import { readInt64 } from './int64.ts'
import { ProtocolError } from './protocol-error.ts'
import { zeroUuid } from './schema.ts'

/**
 * Array elements in one frame. A frame of small elements takes tens of times its size when decoded; a response of
 * Metadata for 200,000 partitions with three replicas has 1.4 million.
 */
const elementsMax = 2_000_000

/** Of a string in any version, as int16 is the length of one in versions that are not flexible. */
const stringBytesMax = 32_767
/** However malformed, it reads as no more than `stringBytesMax`. */
const wellFormedBytesMax = Math.floor(stringBytesMax / 3)

/**
 * Reads the protocol's types from one buffer, in order. Whatever the bytes are, the only error is a ProtocolError, and
 * nothing is allocated for a length that the buffer does not hold.
 */
export class Reader {
  readonly #buffer: Buffer
  readonly #view: DataView
  #position = 0
  #elements = 0

  constructor(buffer: Buffer) {
    this.#buffer = buffer
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  }

  get position(): number {
    return this.#position
  }

  get remaining(): number {
    return this.#buffer.length - this.#position
  }

  bool(): boolean {
    return this.#view.getUint8(this.#take(1)) !== 0
  }

  int8(): number {
    return this.#view.getInt8(this.#take(1))
  }

  int16(): number {
    return this.#view.getInt16(this.#take(2))
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2))
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4))
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4))
  }

  /** Beyond 2^53 the nearest double. Two halves through a DataView are ten times faster than a BigInt. */
  int64(): number {
    return readInt64(this.#view, this.#take(8))
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8))
  }

  uuid(): string {
    const at = this.#take(16)
    const view = this.#view
    if (view.getInt32(at) === 0 && view.getInt32(at + 4) === 0) {
      if (view.getInt32(at + 8) === 0 && view.getInt32(at + 12) === 0) return zeroUuid
    }
    return this.#buffer.toString('base64url', at, at + 16)
  }

  unsignedVarint(): number {
    const first = this.#view.getUint8(this.#take(1))
    if (first < 0x80) return first
    let value = first & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      const next = this.#view.getUint8(this.#take(1))
      value |= (next & 0x7f) << shift
      if (next < 0x80) return value >>> 0
    }
    throw new ProtocolError(`Varint longer than 5 bytes at ${this.#position}`)
  }

  string(): string {
    return this.#text(this.#present(this.int16()))
  }

  nullableString(): string | null {
    const length = this.int16()
    return length < 0 ? null : this.#text(length)
  }

  compactString(): string {
    return this.#text(this.#present(this.unsignedVarint() - 1))
  }

  compactNullableString(): string | null {
    const length = this.unsignedVarint() - 1
    return length < 0 ? null : this.#text(length)
  }

  bytes(): Buffer {
    return this.slice(this.#present(this.int32()))
  }

  nullableBytes(): Buffer | null {
    const length = this.int32()
    return length < 0 ? null : this.slice(length)
  }

  compactBytes(): Buffer {
    return this.slice(this.#present(this.unsignedVarint() - 1))
  }

  compactNullableBytes(): Buffer | null {
    const length = this.unsignedVarint() - 1
    return length < 0 ? null : this.slice(length)
  }

  /** Length of an array whose elements take at least `elementBytesMin` bytes each. */
  arrayLength(elementBytesMin: number): number {
    return this.#holding(this.#present(this.int32()), elementBytesMin)
  }

  /** -1 for null. */
  nullableArrayLength(elementBytesMin: number): number {
    return this.#holding(this.int32(), elementBytesMin)
  }

  compactArrayLength(elementBytesMin: number): number {
    return this.#holding(this.#present(this.unsignedVarint() - 1), elementBytesMin)
  }

  /** -1 for null. */
  compactNullableArrayLength(elementBytesMin: number): number {
    return this.#holding(this.unsignedVarint() - 1, elementBytesMin)
  }

  /** Reads the byte before a nullable struct. */
  isNullStruct(): boolean {
    return this.int8() < 0
  }

  /** The next bytes as a view. */
  slice(length: number): Buffer {
    const at = this.#take(length)
    return this.#buffer.subarray(at, at + length)
  }

  skip(length: number): void {
    this.#take(length)
  }

  skipTaggedFields(): void {
    for (let left = this.unsignedVarint(); left > 0; left--) {
      this.unsignedVarint()
      this.skip(this.unsignedVarint())
    }
  }

  /** Reads a tagged field's size and returns where the field ends. */
  taggedFieldEnd(): number {
    const length = this.unsignedVarint()
    if (length > this.remaining) throw this.#short(length)
    return this.#position + length
  }

  /** Continues at the end of a tagged field, which must not have been read beyond. */
  endTaggedField(end: number): void {
    if (this.#position > end) throw new ProtocolError(`Tagged field longer than its size at ${this.#position}`)
    this.#position = end
  }

  #take(length: number): number {
    const at = this.#position
    if (length > this.#buffer.length - at) throw this.#short(length)
    this.#position = at + length
    return at
  }

  #text(length: number): string {
    if (length > wellFormedBytesMax) return this.#longText(length)
    const at = this.#take(length)
    return this.#buffer.toString('utf8', at, at + length)
  }

  /** Each malformed byte reads as a character of three. What could not be sent back is refused, as by Apache Kafka. */
  #longText(length: number): string {
    if (length > stringBytesMax) throw new ProtocolError(`A string of ${length} bytes; ${stringBytesMax} are allowed`)
    const at = this.#take(length)
    const text = this.#buffer.toString('utf8', at, at + length)
    if (Buffer.byteLength(text) > stringBytesMax) throw new ProtocolError('A long string that is not UTF-8')
    return text
  }

  #present(length: number): number {
    if (length < 0) throw new ProtocolError(`Null where a value is required, before byte ${this.#position}`)
    return length
  }

  #holding(length: number, elementBytesMin: number): number {
    if (length < 0) return -1
    if (length * elementBytesMin > this.remaining) throw this.#short(length * elementBytesMin)
    this.#elements += length
    if (this.#elements > elementsMax) throw new ProtocolError(`More than ${elementsMax} array elements`)
    return length
  }

  #short(length: number): ProtocolError {
    return new ProtocolError(`${length} bytes expected at ${this.#position}, ${this.remaining} there`)
  }
}
