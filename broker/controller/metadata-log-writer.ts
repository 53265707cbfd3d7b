import type { Clock } from '../clock.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { buildBatch } from '../record/build-batch.ts'
import { buildLeaderChangeBatch } from '../record/control-records.ts'

interface Waiter {
  readonly offset: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Appends to the metadata log and tells when what was appended is on disk. Appends that arrive while the disk is busy
 * share the next fsync. After a failed write nothing more is accepted: only a new controller may go on from the log.
 */
export class MetadataLogWriter {
  readonly #log: PartitionLog
  readonly #leaderEpoch: number
  readonly #clock: Clock
  readonly #onFailure: (error: Error) => void
  readonly #commitListeners: (() => void)[] = []
  #waiters: Waiter[] = []
  #written: Promise<void> = Promise.resolve()
  #committedOffset = 0
  #committing: Promise<void> | undefined
  #failure: Error | undefined

  constructor(options: {
    log: PartitionLog
    leaderEpoch: number
    clock: Clock
    onFailure: (error: Error) => void
  }) {
    this.#log = options.log
    this.#leaderEpoch = options.leaderEpoch
    this.#clock = options.clock
    this.#onFailure = options.onFailure
  }

  get leaderEpoch(): number {
    return this.#leaderEpoch
  }

  /** The offset that the next record will have. */
  get endOffset(): number {
    return this.#log.nextOffset
  }

  /** Everything below is on disk: the high watermark of a log with one writer. */
  get committedOffset(): number {
    return this.#committedOffset
  }

  onCommit(listener: () => void): void {
    this.#commitListeners.push(listener)
  }

  appendLeaderChange(leaderId: number, voterIds: readonly number[]): void {
    const timestampMs = this.#clock.nowMs()
    this.#append(buildLeaderChangeBatch({ leaderId, voterIds, partitionLeaderEpoch: this.#leaderEpoch, timestampMs }))
  }

  /** One batch: after a crash all of the records are there, or none. @returns its size in bytes. */
  appendRecords(values: readonly Buffer[]): number {
    const records = values.map((value) => ({ key: null, value }))
    const batch = buildBatch({ records, timestampMs: this.#clock.nowMs() })
    this.#append(batch)
    return batch.length
  }

  #append(batch: Buffer): void {
    if (this.#failure !== undefined) throw this.#failure
    const { written } = this.#log.appendAsLeader(batch, { leaderEpoch: this.#leaderEpoch, origin: 'coordinator' })
    this.#written = written
    // Awaited in #commit, which may still be busy with an earlier batch when this one fails.
    written.catch(() => undefined)
    this.#committing ??= this.#commit()
  }

  /** Resolves when everything below `offset` is on disk. */
  whenCommitted(offset: number): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#committedOffset >= offset) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiters.push({ offset, resolve, reject }))
  }

  async #commit(): Promise<void> {
    try {
      while (this.#committedOffset < this.endOffset) {
        const target = this.endOffset
        await this.#written
        await this.#log.flush()
        this.#advance(target)
      }
    } catch (cause) {
      this.#fail(new Error('The metadata log cannot be written', { cause }))
    } finally {
      this.#committing = undefined
    }
  }

  #advance(committedOffset: number): void {
    this.#committedOffset = committedOffset
    const done = this.#waiters.filter(({ offset }) => offset <= committedOffset)
    this.#waiters = this.#waiters.filter(({ offset }) => offset > committedOffset)
    for (const { resolve } of done) resolve()
    for (const listener of this.#commitListeners) listener()
  }

  #fail(error: Error): void {
    this.#failure = error
    for (const { reject } of this.#waiters.splice(0)) reject(error)
    this.#onFailure(error)
  }

  /** Waits for what was appended to be on disk. */
  async close(): Promise<void> {
    await this.#committing
  }
}
