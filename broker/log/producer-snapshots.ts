import { join } from 'node:path'
import type { FileSystem } from './file-system.ts'
import { decodeProducerSnapshot } from './producer-snapshot.ts'
import type { ProducerState } from './producer-states.ts'
import { segmentFileName, segmentSuffixes } from './segment-files.ts'

/** The `.snapshot` files of one log: what its producers had written up to the offset in the file's name. */
export class ProducerSnapshots {
  readonly #fileSystem: FileSystem
  readonly #directory: string
  /** A few at most. */
  #offsets: readonly number[]

  /** `offsets`: of the files that are there. */
  constructor(fileSystem: FileSystem, directory: string, offsets: Iterable<number>) {
    this.#fileSystem = fileSystem
    this.#directory = directory
    this.#offsets = [...offsets]
  }

  has(offset: number): boolean {
    return this.#offsets.includes(offset)
  }

  async save(offset: number, snapshot: Buffer): Promise<void> {
    await this.#fileSystem.writeFile(this.#path(offset), snapshot)
    if (!this.has(offset)) this.#offsets = [...this.#offsets, offset]
  }

  /** Makes one that was saved survive a loss of power. */
  async sync(offset: number): Promise<void> {
    const file = this.#fileSystem.file(this.#path(offset))
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  }

  /** The latest whole one at or before `offset`; damaged ones are removed. */
  async findLatest(offset: number): Promise<{ offset: number; producers: ProducerState[] } | undefined> {
    const candidates = this.#offsets.filter((candidate) => candidate <= offset).sort((a, b) => b - a)
    for (const candidate of candidates) {
      const bytes = await this.#fileSystem.readFile(this.#path(candidate))
      const producers = bytes && decodeProducerSnapshot(bytes)
      if (producers !== undefined) return { offset: candidate, producers }
      await this.#remove(candidate)
    }
    return undefined
  }

  /** Removes those beyond the log's end and those that a clean shutdown left between segments, but for the latest. */
  async removeStray(segmentOffsets: ReadonlySet<number>, logEndOffset: number): Promise<void> {
    const latest = Math.max(...this.#offsets.filter((offset) => offset <= logEndOffset))
    for (const offset of this.#offsets) {
      const isWanted = offset === latest || (segmentOffsets.has(offset) && offset <= logEndOffset)
      if (!isWanted) await this.#remove(offset)
    }
  }

  async removeAll(): Promise<void> {
    for (const offset of this.#offsets) await this.#remove(offset)
  }

  /** For whoever removed the file himself. */
  forget(offset: number): void {
    this.#offsets = this.#offsets.filter((known) => known !== offset)
  }

  async #remove(offset: number): Promise<void> {
    await this.#fileSystem.remove(this.#path(offset))
    this.#offsets = this.#offsets.filter((known) => known !== offset)
  }

  #path(offset: number): string {
    return join(this.#directory, segmentFileName(offset, segmentSuffixes.snapshot))
  }
}
