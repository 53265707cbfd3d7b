import { crc32c } from '@node-rs/crc32'
import { batchHeaderBytes, RecordBatch } from '../record/record-batch.ts'
import type { LogFile } from './file-system.ts'
import type { LogConfig } from './log-config.ts'
import type { OffsetIndexEntry } from './offset-index.ts'
import { scanBatches } from './scan-batches.ts'
import { SegmentIndexes } from './segment-indexes.ts'
import { SegmentPlace, type SegmentPlaceOptions } from './segment-place.ts'
import type { TransactionIndex } from './transaction-index.ts'

const int32Max = 2 ** 31 - 1
const tailChunkBytes = 64 * 1024

export interface SegmentOptions extends SegmentPlaceOptions {
  indexIntervalBytes: number
  /** Of the log file, as found on disk; 0 for a new one. */
  sizeBytes: number
}

/**
 * A stretch of a log in one file with its two sparse indexes. Batches are announced by `add`, which assigns their place;
 * their bytes are written by the log's queue, which then moves `writtenBytes`. The indexes of a segment found on disk
 * are read by `load`, rebuilt when missing or damaged, and given up again by `unload` once nothing is added any more. The
 * transaction index cannot be rebuilt from the segment alone: `recover` empties it for whoever replays the producers.
 */
export class Segment {
  readonly baseOffset: number
  readonly place: SegmentPlace
  readonly file: LogFile
  readonly transactions: TransactionIndex
  readonly #options: SegmentOptions
  #indexes: SegmentIndexes | undefined
  #loading: Promise<SegmentIndexes> | undefined
  #sizeBytes: number
  #writtenBytes: number
  #nextOffset: number
  #endsWithWholeBatch = true
  #isKnown: boolean
  #syncedBytes: number
  #bytesSinceIndexEntry = 0
  #firstTimestampMs: number | undefined
  #maxTimestampMs = -1
  #offsetOfMaxTimestamp = -1

  constructor(options: SegmentOptions) {
    this.#options = options
    this.baseOffset = options.baseOffset
    this.place = new SegmentPlace(options)
    this.file = this.place.file
    this.transactions = this.place.transactions
    this.#sizeBytes = options.sizeBytes
    this.#writtenBytes = options.sizeBytes
    this.#syncedBytes = options.sizeBytes
    this.#nextOffset = options.baseOffset
    this.#isKnown = options.sizeBytes === 0
    if (this.#isKnown) this.#indexes = SegmentIndexes.empty(options)
  }

  /** Including what is assigned but not written yet. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get writtenBytes(): number {
    return this.#writtenBytes
  }

  /** This, and what records there are in it and when they are from, is known once the segment was loaded. */
  get nextOffset(): number {
    return this.#nextOffset
  }

  /** -1 when no record has one. */
  get maxTimestampMs(): number {
    return this.#maxTimestampMs
  }

  /** What its age counts from: the youngest record's time or, when no record has one, the last write to the file. */
  async lastTimestampMs(): Promise<number> {
    if (this.#maxTimestampMs >= 0) return this.#maxTimestampMs
    return (await this.#options.fileSystem.modifiedMs(this.file.path)) ?? -1
  }

  /** Of the first batch, if it has one. */
  get firstTimestampMs(): number | undefined {
    return this.#firstTimestampMs
  }

  /** Of the larger one, while they are loaded. */
  get indexBytes(): number {
    return Math.max(this.#indexes?.times.sizeBytes ?? 0, this.#indexes?.offsets.sizeBytes ?? 0)
  }

  /** Last offset of the batch that holds the youngest record. */
  get offsetOfMaxTimestamp(): number {
    return this.#offsetOfMaxTimestamp
  }

  /** False when the file ends with something that is no batch of this segment: it must be recovered. */
  get endsWithWholeBatch(): boolean {
    return this.#endsWithWholeBatch
  }

  /** Whether Kafka's rules ask for a new segment before `batch`, whose last offset will be `lastOffset`. */
  mustRollBefore(batch: RecordBatch, lastOffset: number, config: LogConfig, nowMs: number): boolean {
    if (lastOffset - this.baseOffset > int32Max) return true
    if (this.#sizeBytes === 0) return false
    if (this.#sizeBytes + batch.sizeBytes > config.segmentBytes) return true
    const timestampMs = batch.maxTimestampMs >= 0 ? batch.maxTimestampMs : nowMs
    const segmentMs = config.segmentMs - this.#jitterMs(config)
    if (timestampMs - (this.#firstTimestampMs ?? timestampMs) > segmentMs) return true
    return this.indexBytes + 12 > config.segmentIndexBytes
  }

  /** Assigns the next bytes to a batch, which has its offsets already, and returns where they begin. */
  add(batch: RecordBatch): number {
    const position = this.#sizeBytes
    this.#sizeBytes += batch.sizeBytes
    this.#note(batch, position)
    return position
  }

  wroteUpTo(position: number): void {
    this.#writtenBytes = position
  }

  /** Where to begin looking for `offset`: the start where the index's entry turns out to be wrong. */
  async positionBefore(offset: number): Promise<number> {
    const entry = await this.indexEntryBefore(offset)
    return entry !== undefined && (await this.#isTrue(entry)) ? entry.position : 0
  }

  /** Immediate while the indexes are loaded. Whoever reads there asks `beginsAt` whether it is true. */
  indexEntryBefore(offset: number): OffsetIndexEntry | undefined | Promise<OffsetIndexEntry | undefined> {
    if (this.#indexes !== undefined) return this.#indexes.offsets.entryBefore(offset)
    return this.load().then(({ offsets }) => offsets.entryBefore(offset))
  }

  /** Nothing protects an index file from a bit that turns: whether `batch` is what the entry says that it leads to. */
  beginsAt(entry: OffsetIndexEntry, batch: RecordBatch): boolean {
    if (batch.position + batchHeaderBytes > batch.buffer.length || !batch.hasKnownFormat) return false
    const { baseOffset, sizeBytes } = batch
    return sizeBytes >= batchHeaderBytes && this.baseOffset <= baseOffset && baseOffset <= entry.lastOffset
  }

  async positionBeforeTimestamp(timestampMs: number): Promise<number> {
    const { times } = await this.load()
    return this.positionBefore(times.offsetBefore(timestampMs))
  }

  load(): Promise<SegmentIndexes> {
    if (this.#indexes !== undefined) return Promise.resolve(this.#indexes)
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  /** Whether the segment was loaded once: what that told is kept when the indexes are unloaded. */
  get isKnown(): boolean {
    return this.#isKnown
  }

  /** Does nothing while the files lack something, or may by now be those of another segment in this one's place. */
  unload(): void {
    if (!this.place.isDeleted && this.#sizeBytes > 0 && this.#isSaved()) this.#indexes = undefined
  }

  /**
   * Reads the whole file as if nothing were known of it, cuts off what follows the last good batch, rebuilds the indexes.
   * @param accept called with each batch; false declares it bad.
   * @returns whether something was cut off.
   */
  async recover(accept: (batch: RecordBatch) => boolean): Promise<boolean> {
    const size = await this.file.size()
    await this.transactions.reset()
    const end = await this.#rebuild(size, accept)
    if (end < size) await this.#cutAt(end)
    await SegmentIndexes.removeFiles(this.#options)
    this.#sizeBytes = end
    this.#writtenBytes = end
    this.#syncedBytes = 0
    this.#endsWithWholeBatch = true
    this.#isKnown = true
    return end < size
  }

  /** Cuts off everything from `position` on, where the batch begins that holds `nextOffset`. */
  async truncate(position: number, nextOffset: number): Promise<void> {
    const indexes = await this.load()
    await this.#cutAt(position)
    await indexes.truncate(position, nextOffset)
    await this.transactions.truncate(nextOffset)
    this.#sizeBytes = position
    this.#writtenBytes = position
    this.#syncedBytes = 0
    await this.#noteTail(indexes)
    this.#nextOffset = nextOffset
  }

  /** Synced: what was cut off must not come back behind what is appended next, which may well be as long. */
  async #cutAt(position: number): Promise<void> {
    await this.file.truncate(position)
    await this.file.sync()
  }

  /** Makes what is written survive a loss of power. Of the sparse indexes that is only asked by `complete`. */
  async flush({ areIndexesSynced = false } = {}): Promise<void> {
    const writtenBytes = this.#writtenBytes
    await this.file.sync()
    this.#syncedBytes = Math.max(this.#syncedBytes, writtenBytes)
    await this.transactions.save()
    await this.#indexes?.save({ isSynced: areIndexesSynced })
  }

  /**
   * Completes the indexes and syncs, so that the files alone tell all. For closed segments and a clean shutdown.
   * @returns whether there was anything to do: the names of new files are not synced then.
   */
  async complete(): Promise<boolean> {
    if (this.#isSaved()) return false
    const { times } = await this.load()
    if (this.#maxTimestampMs >= 0) times.append(this.#maxTimestampMs, this.#offsetOfMaxTimestamp)
    await this.flush({ areIndexesSynced: true })
    return true
  }

  async #load(): Promise<SegmentIndexes> {
    const read = await SegmentIndexes.read(this.#options, this.#sizeBytes)
    // Where the log ends is read from the last entry on.
    const last = read?.offsets.last
    const known = last === undefined || (await this.#isTrue(last)) ? read : undefined
    if (known === undefined) await this.#rebuild(this.#sizeBytes, () => true)
    const indexes = known ?? this.#indexes ?? SegmentIndexes.empty(this.#options)
    await this.#noteTail(indexes)
    if (known === undefined) await indexes.save({ isSynced: true })
    return indexes
  }

  /** Fills new indexes from the file. @returns where the last accepted batch ends. */
  #rebuild(size: number, accept: (batch: RecordBatch) => boolean): Promise<number> {
    this.#indexes = SegmentIndexes.empty(this.#options)
    this.#bytesSinceIndexEntry = 0
    this.#maxTimestampMs = -1
    this.#nextOffset = this.baseOffset
    return scanBatches(this.file, { from: 0, to: size }, (batch, position) => {
      if (batch.baseOffset < this.#nextOffset || !accept(batch)) return false
      this.#note(batch, position)
      return true
    })
  }

  /** Reads from the last index entry on what the indexes do not say. */
  async #noteTail(indexes: SegmentIndexes): Promise<void> {
    this.#indexes = indexes
    const last = indexes.times.last
    this.#maxTimestampMs = last?.timestampMs ?? -1
    this.#offsetOfMaxTimestamp = last?.offset ?? -1
    this.#bytesSinceIndexEntry = 0
    this.#nextOffset = this.baseOffset
    const from = indexes.offsets.lastPosition
    // A scan from the start comes across it anyway.
    if (from > 0) this.#firstTimestampMs = await this.#readFirstTimestamp()
    const scan = { from, to: this.#sizeBytes, chunkBytes: tailChunkBytes }
    const end = await scanBatches(this.file, scan, (batch, position) => {
      // What belongs elsewhere in the log is no better than what is cut off.
      if (batch.baseOffset < this.#nextOffset) return false
      this.#note(batch, position)
      return true
    })
    this.#endsWithWholeBatch = end === this.#sizeBytes
    this.#isKnown = true
  }

  async #readFirstTimestamp(): Promise<number | undefined> {
    if (this.#sizeBytes < batchHeaderBytes) return undefined
    const header = Buffer.allocUnsafe(batchHeaderBytes)
    await this.file.read(header, 0)
    return timestampOf(new RecordBatch(header))
  }

  async #isTrue(entry: OffsetIndexEntry): Promise<boolean> {
    const header = Buffer.allocUnsafe(batchHeaderBytes)
    const length = await this.file.read(header, entry.position)
    return this.beginsAt(entry, new RecordBatch(header.subarray(0, length)))
  }

  /** As good as random, and the same for the whole life of the segment. */
  #jitterMs({ segmentJitterMs, segmentMs }: LogConfig): number {
    const jitterMsMax = Math.min(segmentJitterMs, segmentMs)
    return jitterMsMax === 0 ? 0 : crc32c(this.place.path('')) % jitterMsMax
  }

  #note(batch: RecordBatch, position: number): void {
    const timestampMs = batch.maxTimestampMs
    const lastOffset = batch.lastOffset
    if (position === 0) this.#firstTimestampMs = timestampOf(batch)
    if (timestampMs > this.#maxTimestampMs) {
      this.#maxTimestampMs = timestampMs
      this.#offsetOfMaxTimestamp = lastOffset
    }
    if (this.#bytesSinceIndexEntry > this.#options.indexIntervalBytes) this.#addIndexEntry(lastOffset, position)
    this.#bytesSinceIndexEntry += batch.sizeBytes
    this.#nextOffset = lastOffset + 1
  }

  #addIndexEntry(lastOffset: number, position: number): void {
    if (this.#indexes === undefined) return
    this.#indexes.offsets.append(lastOffset, position)
    if (this.#maxTimestampMs >= 0) this.#indexes.times.append(this.#maxTimestampMs, this.#offsetOfMaxTimestamp)
    this.#bytesSinceIndexEntry = 0
  }

  #isSaved(): boolean {
    const areIndexesSaved = this.#indexes?.isSaved ?? true
    return areIndexesSaved && this.transactions.isSaved && this.#syncedBytes === this.#sizeBytes
  }
}

function timestampOf(batch: RecordBatch): number | undefined {
  return batch.maxTimestampMs >= 0 ? batch.maxTimestampMs : undefined
}
