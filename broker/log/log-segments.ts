import assert from 'node:assert'
import { dirname } from 'node:path'
import type { FileSystem } from './file-system.ts'
import { findCut } from './find-cut.ts'
import type { LogConfig } from './log-config.ts'
import { countDeletableSegments, type RetentionState } from './retention.ts'
import type { Segment } from './segment.ts'
import type { AbortedTransaction } from './transaction-index.ts'

/**
 * The segments of one log, ascending and at least one: the last one is active. Of the others at most one keeps its
 * indexes in memory: readers that go through a log need one at a time.
 */
export class LogSegments {
  readonly #fileSystem: FileSystem
  #segments: readonly Segment[]
  #loaded: Segment | undefined
  /** Files of deleted segments, which readers may still use until they are due. */
  #deletedFiles: { path: string; dueMs: number }[] = []

  constructor(fileSystem: FileSystem, segments: readonly Segment[]) {
    this.#fileSystem = fileSystem
    this.#segments = segments
  }

  get active(): Segment {
    const active = this.#segments.at(-1)
    assert(active !== undefined)
    return active
  }

  get firstOffset(): number {
    return this.#segments[0]?.baseOffset ?? 0
  }

  get count(): number {
    return this.#segments.length
  }

  get sizeBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.sizeBytes, 0)
  }

  list(): readonly Segment[] {
    return this.#segments
  }

  /** From the one that holds `offset` on. */
  listFrom(offset: number): Segment[] {
    const first = this.#segments.findLastIndex((segment) => segment.baseOffset <= offset)
    return this.#segments.slice(Math.max(0, first))
  }

  get hasAborted(): boolean {
    return this.#segments.some(({ transactions }) => transactions.entries.length > 0)
  }

  /** Aborted transactions with records from `offset` on and before `upToOffset`, wherever their markers are. */
  findAborted(offset: number, upToOffset: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = []
    for (const { transactions } of this.listFrom(offset)) {
      for (const aborted of transactions.entries) {
        if (aborted.lastOffset >= offset && aborted.firstOffset < upToOffset) found.push(aborted)
        if (aborted.lastStableOffset >= upToOffset) return found
      }
    }
    return found
  }

  /** Those before the active one that lie wholly before `recoveryPoint`. */
  listSynced(recoveryPoint: number): readonly Segment[] {
    const endOf = (i: number) => this.#segments[i + 1]?.baseOffset ?? Number.POSITIVE_INFINITY
    return this.#segments.slice(
      0,
      this.#segments.findIndex((_, i) => endOf(i) > recoveryPoint),
    )
  }

  push(segment: Segment): void {
    this.#segments = [...this.#segments, segment]
  }

  /** Brings the indexes of a segment into memory, in exchange for those of another closed one. */
  async load(segment: Segment): Promise<void> {
    await segment.load()
    if (segment === this.active || segment === this.#loaded) return
    const previous = this.#loaded
    this.#loaded = segment
    if (previous !== undefined && previous !== this.active) previous.unload()
  }

  /** Finds out the timestamps of each segment, once. */
  async loadUnknown(): Promise<readonly Segment[]> {
    for (const segment of this.#segments) if (!segment.isKnown) await this.load(segment)
    return this.#segments
  }

  /**
   * Cuts off every batch that ends at or behind `offset`. `prepare` hears before where the log will end, which is returned.
   */
  async cutAt(offset: number, prepare: (endOffset: number) => Promise<void>): Promise<number> {
    const [last = this.active] = this.listFrom(offset)
    await last.load()
    const { position, nextOffset } = await findCut(last, offset)
    await prepare(nextOffset)
    const kept = this.#segments.filter((segment) => segment.baseOffset <= offset)
    // From the end, so that a crash in between leaves no gap.
    for (const segment of this.#segments.slice(kept.length).reverse()) await segment.place.remove()
    this.#segments = kept
    this.#loaded = undefined
    await last.truncate(position, nextOffset)
    return nextOffset
  }

  /** Deletes all files; `first` is what there is from now on. */
  async replaceAll(createFirst: () => Promise<Segment>): Promise<void> {
    for (const segment of this.#segments.toReversed()) await segment.place.remove()
    this.#segments = [await createFirst()]
    this.#loaded = undefined
  }

  /** What each segment's age counts from. */
  async lastTimestampsMs(): Promise<ReadonlyMap<Segment, number>> {
    const timestamps = new Map<Segment, number>()
    for (const segment of await this.loadUnknown()) timestamps.set(segment, await segment.lastTimestampMs())
    return timestamps
  }

  /** How many of the oldest segments retention no longer keeps. */
  countDeletable(
    config: LogConfig,
    endOffset: number,
    lastTimestampsMs: ReadonlyMap<Segment, number>,
    state: RetentionState,
  ): number {
    const segments = this.#segments.map((segment, i) => ({
      endOffset: this.#segments[i + 1]?.baseOffset ?? endOffset,
      sizeBytes: segment.sizeBytes,
      lastTimestampMs: Math.max(segment.maxTimestampMs, lastTimestampsMs.get(segment) ?? -1),
    }))
    return countDeletableSegments(segments, config, state)
  }

  /** Takes the oldest segments out of the log; their files go when they are due. */
  async deleteOldest(count: number, dueMs: number): Promise<Segment[]> {
    const deleted = this.#segments.slice(0, count)
    this.#segments = this.#segments.slice(count)
    for (const segment of deleted) {
      for (const path of await segment.place.markDeleted()) this.#deletedFiles.push({ path, dueMs })
      await segment.file.close()
    }
    return deleted
  }

  holdsClosed(segments: readonly Segment[]): boolean {
    return segments.every((segment) => segment !== this.active && this.#segments.includes(segment))
  }

  /**
   * Puts a cleaned segment, whose file is synced, in the place of neighbours. From its name `.swap` on it is what counts: a
   * start after a crash completes what is left (complete-swaps.ts). Readers go on in the old files until those are due.
   */
  async replace(sources: readonly Segment[], cleaned: Segment, dueMs: number): Promise<void> {
    const directory = dirname(cleaned.file.path)
    // Their indexes would be looked for under names that the cleaned one's have from now on.
    for (const source of sources) await source.load()
    await cleaned.place.commit()
    await this.#fileSystem.syncDirectory(directory)
    const isSource = new Set(sources)
    const at = this.#segments.findIndex((segment) => isSource.has(segment))
    this.#segments = this.#segments.toSpliced(at, sources.length, cleaned)
    this.#loaded = undefined
    for (const source of sources) {
      const keepsSnapshot = source.baseOffset === cleaned.baseOffset
      for (const path of await source.place.markDeleted({ keepsSnapshot })) this.#deletedFiles.push({ path, dueMs })
      await source.file.close()
    }
    await cleaned.place.take()
    await this.#fileSystem.syncDirectory(directory)
    await cleaned.complete()
    cleaned.unload()
  }

  async removeDeletedFiles(nowMs: number): Promise<void> {
    const due = this.#deletedFiles.filter((file) => file.dueMs <= nowMs)
    this.#deletedFiles = this.#deletedFiles.filter((file) => file.dueMs > nowMs)
    for (const file of due) await this.#fileSystem.remove(file.path)
  }

  async closeFiles(): Promise<void> {
    for (const segment of this.#segments) await segment.file.close()
  }
}
