const nothing = new Uint8Array(0)
const bytesMin = 16

/**
 * Signed integers of up to 53 bits as 1 to 8 bytes, the small ones short. Zig-zag in its usual form doubles the number
 * and would leave the 53 bits; the sign is kept in the lowest bit of the first byte instead, which is the same bytes for
 * what fits both.
 */
export class VarintWriter {
  #bytes = nothing
  #length = 0

  get length(): number {
    return this.#length
  }

  writeUnsigned(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.#push((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.#push(rest)
  }

  writeSigned(value: number): void {
    const isNegative = value < 0
    const magnitude = isNegative ? -value - 1 : value
    const first = ((magnitude % 0x40) << 1) | (isNegative ? 1 : 0)
    const rest = Math.floor(magnitude / 0x40)
    if (rest === 0) {
      this.#push(first)
      return
    }
    this.#push(first | 0x80)
    this.writeUnsigned(rest)
  }

  writeBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** A view on what was written, valid until the next write. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #push(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#length] = byte
    this.#length += 1
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(bytesMin, this.#bytes.length * 2, this.#length + more))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

/** Reads what `VarintWriter` wrote; throws a RangeError at the end of a damaged input. */
export class VarintReader {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length
  }

  readUnsigned(): number {
    let value = 0
    let scale = 1
    while (true) {
      const byte = this.#next()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
  }

  readSigned(): number {
    const first = this.#next()
    const isNegative = (first & 1) === 1
    let magnitude = (first & 0x7f) >> 1
    if (first >= 0x80) magnitude += this.readUnsigned() * 0x40
    return isNegative ? -magnitude - 1 : magnitude
  }

  readBytes(length: number): Uint8Array {
    if (this.#position + length > this.#bytes.length) throw new RangeError('a chunk ends before its column does')
    this.#position += length
    return this.#bytes.subarray(this.#position - length, this.#position)
  }

  #next(): number {
    const byte = this.#bytes[this.#position]
    if (byte === undefined) throw new RangeError('a chunk ends in the middle of a number')
    this.#position += 1
    return byte
  }
}
