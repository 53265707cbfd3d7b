const entryBytes = 12
const initialEntries = 16
/** Shared: most of 10,000 partitions have no entry. */
const noOffsets = new Int32Array(0)
const noTimestamps = new Float64Array(0)

export interface TimeIndexEntry {
  timestampMs: number
  offset: number
}

/**
 * `.timeindex`: sparse pairs of (largest timestamp so far, last offset of the batch that has it), both ascending. All
 * records up to that offset are not younger than the timestamp.
 */
export class TimeIndex {
  readonly #baseOffset: number
  #timestamps = noTimestamps
  #offsets = noOffsets
  #count = 0

  constructor(baseOffset: number) {
    this.#baseOffset = baseOffset
  }

  /** Undefined when the bytes cannot be a time index. */
  static decode(bytes: Buffer, baseOffset: number): TimeIndex | undefined {
    if (bytes.length % entryBytes !== 0) return undefined
    const index = new TimeIndex(baseOffset)
    for (let at = 0; at < bytes.length; at += entryBytes) {
      const timestampMs = Number(bytes.readBigInt64BE(at))
      const offset = baseOffset + bytes.readInt32BE(at + 8)
      const last = index.last
      if (offset < baseOffset || (last !== undefined && (offset <= last.offset || timestampMs <= last.timestampMs))) {
        return undefined
      }
      index.append(timestampMs, offset)
    }
    return index
  }

  get count(): number {
    return this.#count
  }

  get sizeBytes(): number {
    return this.#count * entryBytes
  }

  get last(): TimeIndexEntry | undefined {
    return this.#entry(this.#count - 1)
  }

  /** Does nothing when the timestamp is not beyond the last one. */
  append(timestampMs: number, offset: number): void {
    const last = this.last
    if (last !== undefined && (timestampMs <= last.timestampMs || offset <= last.offset)) return
    if (this.#count === this.#offsets.length) this.#grow()
    this.#timestamps[this.#count] = timestampMs
    this.#offsets[this.#count] = offset - this.#baseOffset
    this.#count++
  }

  /** An offset before which no record is as young as `timestampMs`. */
  offsetBefore(timestampMs: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#timestamps[middle] ?? 0) < timestampMs) low = middle + 1
      else high = middle
    }
    return this.#entry(low - 1)?.offset ?? this.#baseOffset
  }

  /** Drops what speaks of `offset` or later. */
  truncate(offset: number): void {
    for (let last = this.last; last !== undefined && last.offset >= offset; last = this.last) this.#count--
  }

  encode(fromEntry = 0): Buffer {
    const bytes = Buffer.allocUnsafe((this.#count - fromEntry) * entryBytes)
    for (let i = fromEntry; i < this.#count; i++) {
      const at = (i - fromEntry) * entryBytes
      bytes.writeBigInt64BE(BigInt(this.#timestamps[i] ?? 0), at)
      bytes.writeInt32BE(this.#offsets[i] ?? 0, at + 8)
    }
    return bytes
  }

  #entry(i: number): TimeIndexEntry | undefined {
    if (i < 0 || i >= this.#count) return undefined
    return { timestampMs: this.#timestamps[i] ?? 0, offset: this.#baseOffset + (this.#offsets[i] ?? 0) }
  }

  #grow(): void {
    const length = Math.max(initialEntries, this.#offsets.length * 2)
    const timestamps = new Float64Array(length)
    const offsets = new Int32Array(length)
    timestamps.set(this.#timestamps)
    offsets.set(this.#offsets)
    this.#timestamps = timestamps
    this.#offsets = offsets
  }
}
