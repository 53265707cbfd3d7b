import { readCheckpointFile, writeCheckpointFile } from './checkpoint-file.ts'
import type { FileSystem } from './file-system.ts'

/** Shared: there are many logs, and little goes on in most of them. */
const done = Promise.resolve()

interface EpochEntry {
  epoch: number
  startOffset: number
}

/** An epoch and an offset below 2^53. */
const entryPattern = /^(\d{1,10}) (\d{1,15})$/

/**
 * Which leader wrote what: (epoch, its first offset), both ascending, kept in `leader-epoch-checkpoint`. A follower and
 * its new leader find from it where their logs diverge (KIP-101, KIP-279).
 */
export class LeaderEpochs {
  readonly #fileSystem: FileSystem
  readonly #path: string
  #entries: EpochEntry[]
  #isDirty = false
  /** What a crash of the machine would leave is not known of a file that was there. */
  #isSynced = false
  #saving: Promise<void> = done

  constructor(fileSystem: FileSystem, path: string, entries: EpochEntry[] = []) {
    this.#fileSystem = fileSystem
    this.#path = path
    this.#entries = entries
  }

  /** Undefined when the file is missing or was damaged. */
  static async load(fileSystem: FileSystem, path: string): Promise<LeaderEpochs | undefined> {
    const lines = await readCheckpointFile(fileSystem, path, entryPattern)
    if (lines === undefined) return undefined
    const entries = lines.map(([epoch, startOffset]) => ({ epoch: Number(epoch), startOffset: Number(startOffset) }))
    return isAscending(entries) ? new LeaderEpochs(fileSystem, path, entries) : undefined
  }

  get latest(): number | undefined {
    return this.#entries.at(-1)?.epoch
  }

  get isDirty(): boolean {
    return this.#isDirty
  }

  /**
   * Remembers that `epoch` begins at `startOffset`; older epochs are ignored. A new leader calls this with its log's end
   * even before it has records, or successive elections could not be told apart. Durable after `save`.
   */
  assign(epoch: number, startOffset: number): void {
    const latest = this.#entries.at(-1)
    if (epoch < 0 || (latest !== undefined && epoch <= latest.epoch)) return
    // What claims to begin at or behind the new epoch's start holds no records.
    while ((this.#entries.at(-1)?.startOffset ?? -1) >= startOffset) this.#entries.pop()
    // Not pushed: most logs have one entry, and an array that grew has room for seventeen.
    this.#entries = [...this.#entries, { epoch, startOffset }]
    this.#isDirty = true
  }

  /**
   * The largest known epoch not above `epoch`, and where it ends. As in Kafka: the log's end for the latest epoch; the
   * first start for an epoch older than all known ones; -1, -1 when nothing is known or the epoch is in the future.
   */
  endOffsetFor(epoch: number, logEndOffset: number): { epoch: number; endOffset: number } {
    const latest = this.latest
    if (latest === undefined || epoch > latest || epoch < 0) return { epoch: -1, endOffset: -1 }
    if (epoch === latest) return { epoch, endOffset: logEndOffset }
    const next = this.#entries.findIndex((entry) => entry.epoch > epoch)
    const endOffset = this.#entries[next]?.startOffset ?? -1
    return { epoch: this.#entries[next - 1]?.epoch ?? epoch, endOffset }
  }

  /** The epoch that wrote `offset`. */
  epochAt(offset: number): number | undefined {
    return this.#entries.findLast((entry) => entry.startOffset <= offset)?.epoch
  }

  /** Forgets epochs that begin at or behind `endOffset`. */
  truncateFromEnd(endOffset: number): void {
    const count = this.#entries.length
    this.#entries = this.#entries.filter((entry) => entry.startOffset < endOffset)
    if (this.#entries.length !== count) this.#isDirty = true
  }

  /** Forgets epochs that end before `startOffset`; the one that contains it begins there from now on. */
  truncateFromStart(startOffset: number): void {
    const next = this.#entries.findIndex((entry) => entry.startOffset > startOffset)
    const containing = (next === -1 ? this.#entries.length : next) - 1
    const entry = this.#entries[containing]
    if (entry === undefined || (containing === 0 && entry.startOffset === startOffset)) return
    this.#entries = [{ epoch: entry.epoch, startOffset }, ...this.#entries.slice(containing + 1)]
    this.#isDirty = true
  }

  clear(): void {
    this.#entries = []
    this.#isDirty = true
  }

  /**
   * Writes the file if something changed since the last time. Calls made meanwhile wait for their turn. Not synced: thousands
   * of partitions change their leader at once when a broker dies, and what a loss of power takes is found in the batches.
   */
  save(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isDirty) await this.#write({ isSynced: false })
    })
  }

  /** For batches that will not be read again after a crash. */
  sync(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isDirty || !this.#isSynced) await this.#write({ isSynced: true })
    })
  }

  async #write({ isSynced }: { isSynced: boolean }): Promise<void> {
    this.#isDirty = false
    this.#isSynced = isSynced
    const entries = this.#entries.map((entry) => [entry.epoch, entry.startOffset])
    try {
      await writeCheckpointFile(this.#fileSystem, this.#path, entries, { isSynced })
    } catch (error) {
      this.#isDirty = true
      throw error
    }
  }

  #inTurn(save: () => Promise<void>): Promise<void> {
    const saved = this.#saving.then(save, save)
    this.#saving = saved.catch(() => undefined)
    return saved
  }
}

function isAscending(entries: readonly EpochEntry[]): boolean {
  return entries.every((entry, i) => {
    const before = entries[i - 1]
    return before === undefined || (before.epoch < entry.epoch && before.startOffset <= entry.startOffset)
  })
}
