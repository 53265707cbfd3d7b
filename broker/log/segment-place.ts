import { join } from 'node:path'
import type { FileSystem, LogFile } from './file-system.ts'
import { deletedSuffix, segmentFileName, segmentSuffixes, swapSuffix } from './segment-files.ts'
import { SegmentIndexes } from './segment-indexes.ts'
import { TransactionIndex } from './transaction-index.ts'

export interface SegmentPlaceOptions {
  fileSystem: FileSystem
  directory: string
  baseOffset: number
  /** The transaction index's file, where there is one. */
  transactionIndexBytes?: Buffer | undefined
  /** What the names of the log and the transaction index have at their end while they are written for another's place. */
  fileSuffix?: string | undefined
}

/** The files of one segment: how they come to their names, and how they go. */
export class SegmentPlace {
  readonly file: LogFile
  readonly transactions: TransactionIndex
  readonly #options: SegmentPlaceOptions
  #isDeleted = false

  constructor(options: SegmentPlaceOptions) {
    const { fileSystem, transactionIndexBytes, fileSuffix = '' } = options
    this.#options = options
    this.file = fileSystem.file(this.path(segmentSuffixes.log) + fileSuffix)
    const transactionIndexPath = this.path(segmentSuffixes.transactionIndex) + fileSuffix
    this.transactions = new TransactionIndex(fileSystem, transactionIndexPath, transactionIndexBytes)
  }

  path(suffix: string): string {
    return join(this.#options.directory, segmentFileName(this.#options.baseOffset, suffix))
  }

  /** From then on the files under its names may be those of another segment in its place. */
  get isDeleted(): boolean {
    return this.#isDeleted
  }

  /** Says that a segment which was written for another's place is whole: from now on it counts, whatever happens. */
  async commit(): Promise<void> {
    await this.transactions.rename(this.path(segmentSuffixes.transactionIndex) + swapSuffix)
    await this.file.rename(this.path(segmentSuffixes.log) + swapSuffix)
  }

  /** Gives it the names of what it replaces, which must be gone. */
  async take(): Promise<void> {
    await this.file.rename(this.path(segmentSuffixes.log))
    await this.transactions.rename(this.path(segmentSuffixes.transactionIndex))
  }

  /**
   * Renames the files out of the log's sight. The snapshot of a segment whose place another takes stays: it tells what was
   * written before. @returns their new paths, for removing them later.
   */
  async markDeleted({ keepsSnapshot = false } = {}): Promise<string[]> {
    const { fileSystem } = this.#options
    this.#isDeleted = true
    await this.file.rename(`${this.file.path}${deletedSuffix}`)
    const paths = [this.file.path]
    const { index, timeIndex, transactionIndex, snapshot } = segmentSuffixes
    for (const suffix of [index, timeIndex, transactionIndex, snapshot]) {
      if (keepsSnapshot && suffix === snapshot) continue
      const path = this.path(suffix)
      if (!(await fileSystem.exists(path))) continue
      await fileSystem.rename(path, `${path}${deletedSuffix}`)
      paths.push(`${path}${deletedSuffix}`)
    }
    return paths
  }

  async remove(): Promise<void> {
    await this.file.close()
    await this.#options.fileSystem.remove(this.file.path)
    await this.#options.fileSystem.remove(this.path(segmentSuffixes.snapshot))
    await this.#options.fileSystem.remove(this.path(segmentSuffixes.transactionIndex))
    await SegmentIndexes.removeFiles(this.#options)
  }

  /** For one that never took the place it was written for: other files there are not its own. */
  async discard(): Promise<void> {
    await this.file.close()
    await this.#options.fileSystem.remove(this.file.path)
    await this.transactions.reset()
  }
}
