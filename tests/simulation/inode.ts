import type { Timeline } from './timeline.ts'

/** What would be lost with the power, oldest first: how each change is taken back. */
interface Unsynced {
  readonly order: number
  undo(): void
  /** Of a write: what is on disk when only its first bytes got there. */
  tear?(fraction: number): void
}

/** A file's bytes, and what of them a loss of power would take back. */
export class Inode {
  readonly #timeline: Timeline
  bytes = Buffer.alloc(0)
  size = 0
  unsynced: Unsynced[] = []
  changes = 0
  modifiedMs = 0

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  write(bytes: Buffer, position: number): void {
    this.modifiedMs = this.#timeline.wallMs
    const end = position + bytes.length
    if (end > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(end, 2 * this.bytes.length, 256))
      this.bytes.copy(grown, 0, 0, this.size)
      this.bytes = grown
    }
    const oldSize = this.size
    const old = Buffer.from(this.bytes.subarray(position, Math.min(end, oldSize)))
    bytes.copy(this.bytes, position)
    this.size = Math.max(oldSize, end)
    this.unsynced.push({
      order: this.changes++,
      undo: () => {
        old.copy(this.bytes, position)
        this.bytes.fill(0, Math.max(oldSize, position), Math.max(this.size, end))
        this.size = oldSize
      },
      tear: (fraction) => this.write(bytes.subarray(0, Math.floor(fraction * bytes.length)), position),
    })
  }

  truncate(size: number): void {
    const old = Buffer.from(this.bytes.subarray(size, Math.max(size, this.size)))
    const oldSize = this.size
    if (size < oldSize) this.bytes.fill(0, size, oldSize)
    else this.write(Buffer.alloc(size - oldSize), oldSize)
    this.size = size
    this.unsynced.push({
      order: this.changes++,
      undo: () => {
        this.write(old, size)
        this.unsynced.pop()
        this.size = oldSize
      },
    })
  }

  read(into: Buffer, position: number): number {
    return position >= this.size ? 0 : this.bytes.copy(into, 0, position, Math.min(this.size, position + into.length))
  }
}
