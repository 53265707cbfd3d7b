import { readInt64, writeInt64 } from '../protocol/int64.ts'
import type { FileSystem } from './file-system.ts'

const version = 0
const entryBytes = 34

export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
  /** The marker's. */
  readonly lastOffset: number
  /** Up to where, when the marker was written, all transactions were decided: later entries do not begin before it. */
  readonly lastStableOffset: number
}

/**
 * `.txnindex`: the transactions whose abort marker is in a segment, in the order of the markers (Kafka's AbortedTxn 0). It
 * is held in memory, as few transactions are aborted; a segment that has none has no file.
 */
export class TransactionIndex {
  readonly #fileSystem: FileSystem
  #path: string
  #entries: AbortedTransaction[]
  #isDamaged: boolean
  /** How many entries are in the file already. */
  #savedCount: number

  constructor(fileSystem: FileSystem, path: string, bytes?: Buffer) {
    const entries = bytes === undefined ? [] : decode(bytes)
    this.#fileSystem = fileSystem
    this.#path = path
    this.#entries = entries ?? []
    this.#isDamaged = entries === undefined
    this.#savedCount = this.#entries.length
  }

  /** The file was no such file: the segment must be read to know what belongs there. */
  get isDamaged(): boolean {
    return this.#isDamaged
  }

  get isSaved(): boolean {
    return this.#savedCount === this.#entries.length
  }

  get entries(): readonly AbortedTransaction[] {
    return this.#entries
  }

  append(transaction: AbortedTransaction): void {
    this.#entries.push(transaction)
  }

  /** Drops what was aborted at or behind `offset`. */
  async truncate(offset: number): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.lastOffset < offset)
    await this.#removeFile()
  }

  /** Forgets everything, for whoever reads the segment again. */
  async reset(): Promise<void> {
    this.#entries = []
    this.#isDamaged = false
    await this.#removeFile()
  }

  /** Synced: what is lost of this file is noticed by nobody. */
  async save(): Promise<void> {
    const saved = this.#savedCount
    if (saved === this.#entries.length) return
    this.#savedCount = this.#entries.length
    const file = this.#fileSystem.file(this.#path)
    try {
      await file.write([encodeAbortedTransactions(this.#entries.slice(saved))], saved * entryBytes)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  /** Does nothing to a file that there is none of. */
  async rename(path: string): Promise<void> {
    if (this.#savedCount > 0) await this.#fileSystem.rename(this.#path, path)
    this.#path = path
  }

  async #removeFile(): Promise<void> {
    this.#savedCount = 0
    await this.#fileSystem.remove(this.#path)
  }
}

/** The content of a `.txnindex`. */
function encodeAbortedTransactions(entries: readonly AbortedTransaction[]): Buffer {
  const bytes = Buffer.alloc(entries.length * entryBytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (const [i, entry] of entries.entries()) {
    const at = i * entryBytes
    view.setInt16(at, version)
    writeInt64(view, at + 2, entry.producerId)
    writeInt64(view, at + 10, entry.firstOffset)
    writeInt64(view, at + 18, entry.lastOffset)
    writeInt64(view, at + 26, entry.lastStableOffset)
  }
  return bytes
}

function decode(bytes: Buffer): AbortedTransaction[] | undefined {
  if (bytes.length % entryBytes !== 0) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const entries: AbortedTransaction[] = []
  for (let at = 0; at < bytes.length; at += entryBytes) {
    if (view.getInt16(at) !== version) return undefined
    entries.push({
      producerId: readInt64(view, at + 2),
      firstOffset: readInt64(view, at + 10),
      lastOffset: readInt64(view, at + 18),
      lastStableOffset: readInt64(view, at + 26),
    })
  }
  return entries
}
