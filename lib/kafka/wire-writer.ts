/** Writes the flexible encoding into one growing flat buffer. */
export class WireWriter {
  #buffer = Buffer.allocUnsafe(1024)
  #position = 0

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#position)
  }

  int8(value: number): this {
    this.#reserve(1)
    this.#position = this.#buffer.writeInt8(value, this.#position)
    return this
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0)
  }

  int32(value: number): this {
    this.#reserve(4)
    this.#position = this.#buffer.writeInt32BE(value, this.#position)
    return this
  }

  int64(value: bigint): this {
    this.#reserve(8)
    this.#position = this.#buffer.writeBigInt64BE(value, this.#position)
    return this
  }

  unsignedVarint(value: number): this {
    this.#reserve(5)
    let rest = value
    while (rest > 0x7f) {
      this.#buffer[this.#position++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#buffer[this.#position++] = rest
    return this
  }

  compactString(value: string | null): this {
    if (value === null) return this.unsignedVarint(0)
    const length = Buffer.byteLength(value)
    this.unsignedVarint(length + 1).#reserve(length)
    this.#position += this.#buffer.write(value, this.#position)
    return this
  }

  uuid(bytes: Buffer | null): this {
    this.#reserve(16)
    if (bytes === null) this.#buffer.fill(0, this.#position, this.#position + 16)
    else bytes.copy(this.#buffer, this.#position, 0, 16)
    this.#position += 16
    return this
  }

  compactArray<T>(items: readonly T[] | null, writeItem: (item: T) => void): this {
    if (items === null) return this.unsignedVarint(0)
    this.unsignedVarint(items.length + 1)
    for (const item of items) writeItem(item)
    return this
  }

  noTags(): this {
    return this.unsignedVarint(0)
  }

  #reserve(length: number): void {
    if (this.#position + length <= this.#buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#position + length))
    this.#buffer.copy(grown, 0, 0, this.#position)
    this.#buffer = grown
  }
}
