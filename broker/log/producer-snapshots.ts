import { join } from 'node:path'
import type { FileSystem } from './file-system.ts'
import { decodeProducerSnapshot } from './producer-snapshot.ts'
import type { ProducerState } from './producer-states.ts'
import { parseSegmentFileName, segmentFileName, segmentSuffixes } from './segment-files.ts'

/** The `.snapshot` files of one log: what its producers had written up to the offset in the file's name. */
export class ProducerSnapshots {
  readonly #fileSystem: FileSystem
  readonly #directory: string
  /** Of the last one that was written or read. */
  #latestOffset = -1

  constructor(fileSystem: FileSystem, directory: string) {
    this.#fileSystem = fileSystem
    this.#directory = directory
  }

  get latestOffset(): number {
    return this.#latestOffset
  }

  async save(offset: number, snapshot: Buffer): Promise<void> {
    await this.#fileSystem.writeFile(this.#path(offset), snapshot)
    this.#latestOffset = offset
  }

  /** The latest whole one at or before `offset`. */
  async findLatest(offset: number): Promise<{ offset: number; producers: ProducerState[] } | undefined> {
    this.#latestOffset = -1
    const offsets = (await this.#list()).filter((candidate) => candidate <= offset).sort((a, b) => b - a)
    for (const candidate of offsets) {
      const bytes = await this.#fileSystem.readFile(this.#path(candidate))
      const producers = bytes && decodeProducerSnapshot(bytes)
      if (producers === undefined) continue
      this.#latestOffset = candidate
      return { offset: candidate, producers }
    }
    return undefined
  }

  /** Removes those beyond the log's end and those that a clean shutdown left between segments, but for the latest. */
  async removeStray(segmentOffsets: ReadonlySet<number>, logEndOffset: number): Promise<void> {
    const offsets = await this.#list()
    const latest = Math.max(...offsets.filter((offset) => offset <= logEndOffset))
    for (const offset of offsets) {
      const isWanted = offset === latest || (segmentOffsets.has(offset) && offset <= logEndOffset)
      if (!isWanted) await this.#fileSystem.remove(this.#path(offset))
    }
  }

  async removeAll(): Promise<void> {
    this.#latestOffset = -1
    for (const offset of await this.#list()) await this.#fileSystem.remove(this.#path(offset))
  }

  async #list(): Promise<number[]> {
    const names = await this.#fileSystem.list(this.#directory)
    const offsets = names.map((name) => parseSegmentFileName(name, segmentSuffixes.snapshot))
    return offsets.filter((offset) => offset !== undefined)
  }

  #path(offset: number): string {
    return join(this.#directory, segmentFileName(offset, segmentSuffixes.snapshot))
  }
}
