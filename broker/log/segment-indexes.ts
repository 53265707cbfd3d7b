import { join } from 'node:path'
import type { FileSystem } from './file-system.ts'
import { OffsetIndex } from './offset-index.ts'
import { segmentFileName, segmentSuffixes } from './segment-files.ts'
import { TimeIndex } from './time-index.ts'

interface SegmentName {
  readonly fileSystem: FileSystem
  readonly directory: string
  readonly baseOffset: number
}

/** The two sparse indexes of a segment in memory, and how much of them its files hold. */
export class SegmentIndexes {
  readonly offsets: OffsetIndex
  readonly times: TimeIndex
  readonly #name: SegmentName
  #saved: { offsets: number; times: number }
  /** What is saved survives a loss of power. */
  #isSynced = true

  private constructor(name: SegmentName, offsets: OffsetIndex, times: TimeIndex) {
    this.#name = name
    this.offsets = offsets
    this.times = times
    this.#saved = { offsets: offsets.count, times: times.count }
  }

  static empty(name: SegmentName): SegmentIndexes {
    return new SegmentIndexes(name, new OffsetIndex(name.baseOffset), new TimeIndex(name.baseOffset))
  }

  /** Undefined when a file is missing, or is no index of a log of `logBytes`. */
  static async read(name: SegmentName, logBytes: number): Promise<SegmentIndexes | undefined> {
    const { fileSystem, baseOffset } = name
    const offsetBytes = await fileSystem.readFile(pathOf(name, segmentSuffixes.index))
    const timeBytes = await fileSystem.readFile(pathOf(name, segmentSuffixes.timeIndex))
    if (offsetBytes === undefined || timeBytes === undefined) return undefined
    const offsets = OffsetIndex.decode(offsetBytes, baseOffset, logBytes)
    const times = TimeIndex.decode(timeBytes, baseOffset)
    if (offsets === undefined || times === undefined) return undefined
    return new SegmentIndexes(name, offsets, times)
  }

  static async removeFiles(name: SegmentName): Promise<void> {
    await name.fileSystem.remove(pathOf(name, segmentSuffixes.index))
    await name.fileSystem.remove(pathOf(name, segmentSuffixes.timeIndex))
  }

  /** Whether the files hold all that is in memory, and will after a loss of power. */
  get isSaved(): boolean {
    return this.#isSynced && this.#saved.offsets === this.offsets.count && this.#saved.times === this.times.count
  }

  /**
   * Brings the files up to what is in memory. The sync is for those that will be believed after a crash; without an entry
   * in the offset index nothing can be lost, as the segment is then read from its start.
   */
  async save({ isSynced }: { isSynced: boolean }): Promise<void> {
    const saved = this.#saved
    const { offsets, times } = this
    this.#saved = { offsets: offsets.count, times: times.count }
    const mustSync = isSynced && offsets.count > 0
    this.#isSynced = false
    await this.#write(segmentSuffixes.index, offsets.encode(saved.offsets), saved.offsets * 8, mustSync)
    await this.#write(segmentSuffixes.timeIndex, times.encode(saved.times), saved.times * 12, mustSync)
    this.#isSynced = isSynced
  }

  /** Drops what points at or behind the cut, and the files: the next save writes them anew. */
  async truncate(position: number, nextOffset: number): Promise<void> {
    this.offsets.truncate(position)
    this.times.truncate(nextOffset)
    this.#saved = { offsets: 0, times: 0 }
    await SegmentIndexes.removeFiles(this.#name)
  }

  async #write(suffix: string, bytes: Buffer, position: number, isSynced: boolean): Promise<void> {
    if (bytes.length === 0 && position > 0 && !isSynced) return
    const file = this.#name.fileSystem.file(pathOf(this.#name, suffix))
    try {
      if (bytes.length > 0 || position === 0) await file.write([bytes], position)
      if (isSynced) await file.sync()
    } finally {
      await file.close()
    }
  }
}

function pathOf({ directory, baseOffset }: SegmentName, suffix: string): string {
  return join(directory, segmentFileName(baseOffset, suffix))
}
