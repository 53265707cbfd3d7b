const varintBytesMax = 5

/**
 * Reads the flexible encoding from one flat buffer. The library's own reader walks a list of chunks, allocates a tuple
 * a varint, and takes the count of tagged fields for their length; this one serves the messages that are large
 * (metadata, offsets, log directories) or that carry tags.
 */
export class WireReader {
  readonly #buffer: Buffer
  #position = 0

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  get remaining(): number {
    return this.#buffer.length - this.#position
  }

  int8(): number {
    const value = this.#buffer.readInt8(this.#position)
    this.#position += 1
    return value
  }

  boolean(): boolean {
    return this.int8() !== 0
  }

  int16(): number {
    const value = this.#buffer.readInt16BE(this.#position)
    this.#position += 2
    return value
  }

  int32(): number {
    const value = this.#buffer.readInt32BE(this.#position)
    this.#position += 4
    return value
  }

  int64(): bigint {
    const value = this.#buffer.readBigInt64BE(this.#position)
    this.#position += 8
    return value
  }

  /** An int64 whose value is known to stay below 2^53: sizes and times. */
  int64AsNumber(): number {
    const high = this.#buffer.readInt32BE(this.#position)
    const low = this.#buffer.readUInt32BE(this.#position + 4)
    this.#position += 8
    return high * 0x1_0000_0000 + low
  }

  unsignedVarint(): number {
    const first = this.#byte()
    // Lengths, counts and empty tags: nearly all are one byte.
    if (first < 0x80) return first
    let value = first & 0x7f
    for (let i = 1, scale = 0x80; i < varintBytesMax; i++, scale *= 0x80) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw new RangeError('unsigned varint is longer than 5 bytes')
  }

  /** Zigzag, as in records: deltas and lengths. */
  varint(): number {
    const raw = this.unsignedVarint()
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  varlong(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n))
    }
    throw new RangeError('varlong is longer than 10 bytes')
  }

  bytes(length: number): Buffer {
    if (length < 0 || length > this.remaining) throw new RangeError(`${length} bytes wanted, ${this.remaining} left`)
    const value = this.#buffer.subarray(this.#position, this.#position + length)
    this.#position += length
    return value
  }

  compactString(): string {
    return this.compactNullableString() ?? ''
  }

  compactNullableString(): string | null {
    const length = this.unsignedVarint() - 1
    if (length < 0) return null
    const value = this.#buffer.toString('utf8', this.#position, this.#position + length)
    this.#position += length
    return value
  }

  compactBytes(): Buffer | null {
    const length = this.unsignedVarint() - 1
    return length < 0 ? null : this.bytes(length)
  }

  /** Past bytes that nobody wants, without a Buffer for them. */
  skipCompactBytes(): void {
    const length = this.unsignedVarint() - 1
    if (length > 0) this.#position += length
  }

  /** As Kafka prints it: 22 characters of URL-safe base64; `null` for the zero id. */
  topicId(): string | null {
    const bytes = this.bytes(16)
    return bytes.every((byte) => byte === 0) ? null : bytes.toString('base64url')
  }

  compactArray<T>(readItem: () => T): T[] {
    const length = this.unsignedVarint() - 1
    const items: T[] = []
    for (let i = 0; i < length; i++) items.push(readItem())
    return items
  }

  compactInt32Array(): number[] {
    const length = this.unsignedVarint() - 1
    const items: number[] = []
    for (let i = 0; i < length; i++) items.push(this.int32())
    return items
  }

  /** The tagged fields that end a struct: none of them is used here. */
  skipTags(): void {
    const count = this.unsignedVarint()
    for (let i = 0; i < count; i++) {
      this.unsignedVarint()
      this.bytes(this.unsignedVarint())
    }
  }

  #byte(): number {
    const byte = this.#buffer[this.#position++]
    if (byte === undefined) throw new RangeError('the message is cut off')
    return byte
  }
}
