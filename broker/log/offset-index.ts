const entryBytes = 8
const initialEntries = 16
/** Shared: most of 10,000 partitions have no entry. */
const noOffsets = new Int32Array(0)

export interface OffsetIndexEntry {
  /** Of the batch. */
  readonly lastOffset: number
  readonly position: number
}

/**
 * `.index`: sparse pairs of (last offset of a batch, relative to the segment's base; where that batch begins), ascending.
 * Costs nothing until the first entry.
 */
export class OffsetIndex {
  readonly #baseOffset: number
  #offsets = noOffsets
  #positions = noOffsets
  #count = 0

  constructor(baseOffset: number) {
    this.#baseOffset = baseOffset
  }

  /** Undefined when the bytes cannot be the index of a log of `logBytes`. */
  static decode(bytes: Buffer, baseOffset: number, logBytes: number): OffsetIndex | undefined {
    if (bytes.length % entryBytes !== 0) return undefined
    const index = new OffsetIndex(baseOffset)
    for (let at = 0; at < bytes.length; at += entryBytes) {
      const offset = bytes.readInt32BE(at)
      const position = bytes.readInt32BE(at + 4)
      if (offset < 0 || position < 0 || position >= logBytes || !index.#isAscending(offset, position)) return undefined
      index.append(baseOffset + offset, position)
    }
    return index
  }

  get count(): number {
    return this.#count
  }

  get sizeBytes(): number {
    return this.#count * entryBytes
  }

  append(batchLastOffset: number, position: number): void {
    if (this.#count === this.#offsets.length) this.#grow()
    this.#offsets[this.#count] = batchLastOffset - this.#baseOffset
    this.#positions[this.#count] = position
    this.#count++
  }

  /** Where to begin looking for the batch that holds `offset`. */
  positionBefore(offset: number): number {
    return this.entryBefore(offset)?.position ?? 0
  }

  /** The last entry up to `offset`, of a batch that may hold it or comes before the one that does. */
  entryBefore(offset: number): OffsetIndexEntry | undefined {
    const relative = offset - this.#baseOffset
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#offsets[middle] ?? 0) <= relative) low = middle + 1
      else high = middle
    }
    return this.#entry(low - 1)
  }

  get last(): OffsetIndexEntry | undefined {
    return this.#entry(this.#count - 1)
  }

  get lastPosition(): number {
    return this.#count === 0 ? 0 : (this.#positions[this.#count - 1] ?? 0)
  }

  /** Drops what points at or behind `position`. */
  truncate(position: number): void {
    while (this.#count > 0 && this.lastPosition >= position) this.#count--
  }

  encode(fromEntry = 0): Buffer {
    const bytes = Buffer.allocUnsafe((this.#count - fromEntry) * entryBytes)
    for (let i = fromEntry; i < this.#count; i++) {
      const at = (i - fromEntry) * entryBytes
      bytes.writeInt32BE(this.#offsets[i] ?? 0, at)
      bytes.writeInt32BE(this.#positions[i] ?? 0, at + 4)
    }
    return bytes
  }

  #entry(i: number): OffsetIndexEntry | undefined {
    const offset = this.#offsets[i]
    const position = this.#positions[i]
    if (i >= this.#count || offset === undefined || position === undefined) return undefined
    return { lastOffset: this.#baseOffset + offset, position }
  }

  #isAscending(offset: number, position: number): boolean {
    if (this.#count === 0) return true
    return offset > (this.#offsets[this.#count - 1] ?? 0) && position > this.lastPosition
  }

  #grow(): void {
    const length = Math.max(initialEntries, this.#offsets.length * 2)
    const offsets = new Int32Array(length)
    const positions = new Int32Array(length)
    offsets.set(this.#offsets)
    positions.set(this.#positions)
    this.#offsets = offsets
    this.#positions = positions
  }
}
