import { dirname } from 'node:path'
import type { FileSystem } from './file-system.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import type { Segment } from './segment.ts'

export interface RecoveryPointOptions {
  fileSystem: FileSystem
  directory: string
  leaderEpochs: LeaderEpochs
  offset: number
  /** Resolves when the offset is on disk. Asked only when it went back: a later one than is true would be believed. */
  checkpoint?: (() => Promise<void>) | undefined
}

/** How much of a log survives a loss of power. After a crash what lies before it is not read again. */
export class RecoveryPoint {
  readonly #options: RecoveryPointOptions
  #offset: number
  /** Files were created or removed since the folder was synced. */
  #hasNewNames = true
  #isFolderKnown = false

  constructor(options: RecoveryPointOptions) {
    this.#options = options
    this.#offset = options.offset
  }

  get offset(): number {
    return this.#offset
  }

  noteNewNames(): void {
    this.#hasNewNames = true
  }

  /** Makes what is written to a segment durable, its name too. Does not move the point: the epochs may be behind. */
  async sync(segment: Segment): Promise<void> {
    await segment.file.sync()
    await this.#syncNames()
  }

  /** All segments before `offset` are synced, their indexes and snapshots with them. */
  async advance(offset: number): Promise<void> {
    await this.syncNewNames()
    await this.#options.leaderEpochs.sync()
    this.#offset = Math.max(this.#offset, offset)
  }

  /** Before what follows `offset` is cut off: if that is not done wholly, the files do not fit together any more. */
  async lowerTo(offset: number): Promise<void> {
    if (offset >= this.#offset) return
    this.#offset = offset
    await this.#options.checkpoint?.()
  }

  /** After files were created or removed, where nothing may be appended before that is certain. */
  syncNewNames(): Promise<void> {
    this.#hasNewNames = true
    return this.#syncNames()
  }

  async #syncNames(): Promise<void> {
    if (!this.#hasNewNames) return
    const { fileSystem, directory } = this.#options
    this.#hasNewNames = false
    try {
      await fileSystem.syncDirectory(directory)
      if (!this.#isFolderKnown) await fileSystem.syncDirectory(dirname(directory))
      this.#isFolderKnown = true
    } catch (error) {
      this.#hasNewNames = true
      throw error
    }
  }
}
