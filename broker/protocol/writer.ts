import assert from 'node:assert'
import { writeInt64 } from './int64.ts'
import { zeroUuid } from './schema.ts'

/** From here on a byte field is referred to, not copied. */
const referenceBytesMin = 4096

const chunkBytesMin = 512

/** Writes the protocol's types, growing as needed. Large byte fields stay where they are until the socket takes them. */
export class Writer {
  /** What is finished: parts of chunks, and byte fields by reference. */
  readonly #parts: Buffer[] = []
  #partsBytes = 0
  #chunk: Buffer
  #view: DataView
  /** Where in the chunk the bytes begin that are in no part yet. */
  #start = 0
  #position = 0

  constructor(initialBytes = chunkBytesMin) {
    this.#chunk = Buffer.allocUnsafe(initialBytes)
    this.#view = new DataView(this.#chunk.buffer, this.#chunk.byteOffset, initialBytes)
  }

  get byteLength(): number {
    return this.#partsBytes + this.#position - this.#start
  }

  /** The bytes in order, without copying them. The writer may go on afterwards. */
  toBuffers(): Buffer[] {
    this.#closePart()
    return this.#parts.slice()
  }

  toBuffer(): Buffer {
    this.#closePart()
    const [only] = this.#parts
    return only !== undefined && this.#parts.length === 1 ? only : Buffer.concat(this.#parts, this.#partsBytes)
  }

  bool(value: boolean): void {
    const at = this.#reserve(1)
    this.#view.setUint8(at, value ? 1 : 0)
  }

  int8(value: number): void {
    const at = this.#reserve(1)
    this.#view.setInt8(at, value)
  }

  int16(value: number): void {
    const at = this.#reserve(2)
    this.#view.setInt16(at, value)
  }

  uint16(value: number): void {
    const at = this.#reserve(2)
    this.#view.setUint16(at, value)
  }

  int32(value: number): void {
    const at = this.#reserve(4)
    this.#view.setInt32(at, value)
  }

  uint32(value: number): void {
    const at = this.#reserve(4)
    this.#view.setUint32(at, value)
  }

  /** Values beyond the range of int64 become its nearest end. */
  int64(value: number): void {
    const at = this.#reserve(8)
    writeInt64(this.#view, at, value)
  }

  float64(value: number): void {
    const at = this.#reserve(8)
    this.#view.setFloat64(at, value)
  }

  uuid(value: string): void {
    const at = this.#reserve(16)
    if (value === zeroUuid) {
      this.#chunk.fill(0, at, at + 16)
      return
    }
    assert(value.length === 22 && this.#chunk.write(value, at, 16, 'base64url') === 16, `Not a uuid: ${value}`)
  }

  unsignedVarint(value: number): void {
    const at = this.#reserve(5)
    this.#position = this.#putVarint(at, value)
  }

  string(value: string): void {
    const ascii = this.#putAscii(value, 2)
    if (ascii) return
    const length = Buffer.byteLength(value)
    assert(length <= 0x7fff, 'A string of more than 32767 bytes')
    this.int16(length)
    this.#putUtf8(value, length)
  }

  nullableString(value: string | null): void {
    if (value === null) this.int16(-1)
    else this.string(value)
  }

  compactString(value: string): void {
    const ascii = this.#putAscii(value, 1)
    if (ascii) return
    const length = Buffer.byteLength(value)
    this.unsignedVarint(length + 1)
    this.#putUtf8(value, length)
  }

  compactNullableString(value: string | null): void {
    if (value === null) this.unsignedVarint(0)
    else this.compactString(value)
  }

  bytes(value: Buffer | readonly Buffer[]): void {
    this.int32(byteLengthOf(value))
    this.#putBytes(value)
  }

  nullableBytes(value: Buffer | readonly Buffer[] | null): void {
    if (value === null) this.int32(-1)
    else this.bytes(value)
  }

  compactBytes(value: Buffer | readonly Buffer[]): void {
    this.unsignedVarint(byteLengthOf(value) + 1)
    this.#putBytes(value)
  }

  compactNullableBytes(value: Buffer | readonly Buffer[] | null): void {
    if (value === null) this.unsignedVarint(0)
    else this.compactBytes(value)
  }

  arrayLength(value: number): void {
    this.int32(value)
  }

  /** -1 for null. */
  compactArrayLength(value: number): void {
    this.unsignedVarint(value + 1)
  }

  /** The bytes as they are, with no length before them. */
  raw(value: Buffer): void {
    if (value.length >= referenceBytesMin) {
      this.#closePart()
      this.#parts.push(value)
      this.#partsBytes += value.length
      return
    }
    const at = this.#reserve(value.length)
    value.copy(this.#chunk, at)
  }

  append(other: Writer): void {
    for (const part of other.toBuffers()) this.raw(part)
  }

  /** Leaves room for the frame's length. Must be the first thing written. */
  beginFrame(): void {
    assert(this.byteLength === 0)
    this.int32(0)
  }

  /** Fills in the frame's length, which does not count itself. */
  endFrame(): void {
    this.#closePart()
    const [first] = this.#parts
    assert(first !== undefined)
    first.writeInt32BE(this.#partsBytes - 4, 0)
  }

  /** May replace the chunk and its view, so it is called before either is looked at. */
  #reserve(length: number): number {
    const at = this.#position
    if (at + length > this.#chunk.length) return this.#grow(length)
    this.#position = at + length
    return at
  }

  #grow(length: number): number {
    this.#closePart()
    const size = Math.max(this.#chunk.length * 2, length + chunkBytesMin)
    this.#chunk = Buffer.allocUnsafe(size)
    this.#view = new DataView(this.#chunk.buffer, this.#chunk.byteOffset, size)
    this.#start = 0
    this.#position = length
    return 0
  }

  #closePart(): void {
    if (this.#position === this.#start) return
    this.#parts.push(this.#chunk.subarray(this.#start, this.#position))
    this.#partsBytes += this.#position - this.#start
    this.#start = this.#position
  }

  #putVarint(at: number, value: number): number {
    let rest = value >>> 0
    let position = at
    while (rest > 0x7f) {
      this.#view.setUint8(position++, (rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.#view.setUint8(position++, rest)
    return position
  }

  /** Short ASCII, which most strings are, with its length in one or two bytes before it. False when it is anything else. */
  #putAscii(value: string, lengthBytes: 1 | 2): boolean {
    const length = value.length
    if (length > 64) return false
    const at = this.#reserve(length + lengthBytes)
    const chunk = this.#chunk
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code > 0x7f) {
        this.#position = at
        return false
      }
      chunk[at + lengthBytes + i] = code
    }
    if (lengthBytes === 1) chunk[at] = length + 1
    else this.#view.setInt16(at, length)
    return true
  }

  #putUtf8(value: string, length: number): void {
    const at = this.#reserve(length)
    this.#chunk.write(value, at, length, 'utf8')
  }

  #putBytes(value: Buffer | readonly Buffer[]): void {
    if (Buffer.isBuffer(value)) this.raw(value)
    else for (const piece of value) this.raw(piece)
  }
}

function byteLengthOf(value: Buffer | readonly Buffer[]): number {
  if (Buffer.isBuffer(value)) return value.length
  let length = 0
  for (const piece of value) length += piece.length
  return length
}
