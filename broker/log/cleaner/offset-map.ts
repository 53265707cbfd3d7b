import { hash } from 'node:crypto'

/** Four words of the key's MD5, as in Apache Kafka, and the offset. */
const slotBytes = 24
const slotsMin = 1024

/**
 * The last offset of each key in the part of a log that is being cleaned. Keys are kept as 128-bit hashes, so that memory
 * depends on their number alone; two keys that hash alike would be taken for one, which MD5 makes a matter of forgery.
 * It grows as it fills and never takes more than `bytesMax`, also while it grows.
 */
export class OffsetMap {
  readonly #bytesMax: number
  readonly #loadFactor: number
  #slots = slotsMin
  #hashes = new Int32Array(slotsMin * 4)
  /** 0 marks a free slot: offsets are stored plus one. */
  #offsets = new Float64Array(slotsMin)
  #size = 0
  #latestOffset = -1

  constructor({ bytesMax, loadFactor }: { bytesMax: number; loadFactor: number }) {
    this.#bytesMax = bytesMax
    this.#loadFactor = loadFactor
  }

  get size(): number {
    return this.#size
  }

  get sizeBytes(): number {
    return this.#slots * slotBytes
  }

  /** Up to where the log was read: what is cleaned ends here. -1 before the first offset. */
  get latestOffset(): number {
    return this.#latestOffset
  }

  /** False when there is no room for another key; nothing is noted then. */
  put(key: Buffer, offset: number): boolean {
    if (this.#size >= this.#slots * this.#loadFactor && !this.#grow()) return false
    const words = hashOf(key)
    const slot = this.#slotOf(words)
    if (this.#offsets[slot] === 0) {
      this.#size++
      this.#hashes.set(words, slot * 4)
    }
    this.#offsets[slot] = offset + 1
    this.noteOffset(offset)
    return true
  }

  /** -1 for a key that was not put. */
  get(key: Buffer): number {
    return (this.#offsets[this.#slotOf(hashOf(key))] ?? 0) - 1
  }

  noteOffset(offset: number): void {
    if (offset > this.#latestOffset) this.#latestOffset = offset
  }

  #slotOf(words: Int32Array): number {
    let slot = ((words[0] ?? 0) >>> 0) % this.#slots
    while (this.#offsets[slot] !== 0 && !this.#holds(slot, words)) slot = slot + 1 === this.#slots ? 0 : slot + 1
    return slot
  }

  #holds(slot: number, words: Int32Array): boolean {
    const at = slot * 4
    const hashes = this.#hashes
    return (
      hashes[at] === words[0] &&
      hashes[at + 1] === words[1] &&
      hashes[at + 2] === words[2] &&
      hashes[at + 3] === words[3]
    )
  }

  #grow(): boolean {
    const slots = Math.min(this.#slots * 2, Math.floor(this.#bytesMax / slotBytes) - this.#slots)
    if (slots <= this.#slots) return false
    const [hashes, offsets] = [this.#hashes, this.#offsets]
    this.#slots = slots
    this.#hashes = new Int32Array(slots * 4)
    this.#offsets = new Float64Array(slots)
    for (const [slot, offset] of offsets.entries()) {
      if (offset === 0) continue
      const words = hashes.subarray(slot * 4, slot * 4 + 4)
      const to = this.#slotOf(words)
      this.#hashes.set(words, to * 4)
      this.#offsets[to] = offset
    }
    return true
  }
}

function hashOf(key: Buffer): Int32Array {
  const digest = hash('md5', key, 'buffer')
  return Int32Array.of(digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), digest.readInt32LE(12))
}
