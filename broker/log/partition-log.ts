import type { LogUnderCleaning } from './cleaner/clean-log.ts'
import type { LogFacts } from './cleaner/cleanable-range.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import { createSegment, type LoadedLog, loadLog } from './load-log.ts'
import { type AppendResult, type LeaderAppend, LogAppender } from './log-appender.ts'
import { type Exclusively, LogCleaning } from './log-cleaning.ts'
import type { LogConfig } from './log-config.ts'
import { LogFolder } from './log-folder.ts'
import { type LogRead, LogReader, outOfRange } from './log-reader.ts'
import { LogSegments } from './log-segments.ts'
import type { PartitionLogOptions } from './partition-log-options.ts'
import { encodeProducerSnapshot } from './producer-snapshot.ts'
import type { ProducerSnapshots } from './producer-snapshots.ts'
import type { EndTransaction, ProducerStates } from './producer-states.ts'
import { RecoveryPoint } from './recovery-point.ts'
import { replayProducers } from './replay-producers.ts'
import { PartitionTail } from './tail-cache.ts'
import type { TimestampOffset } from './time-lookup.ts'
import type { AbortedTransaction } from './transaction-index.ts'

/**
 * The log of one partition. Offsets are assigned synchronously, in the order of the calls; bytes follow in one queue, and
 * readers see nothing that is not written. A failed write takes the log offline until it is opened again: from then on
 * every call throws KAFKA_STORAGE_ERROR. Calls that cut or delete are for the partition's one owner, one at a time.
 */
export class PartitionLog {
  readonly leaderEpochs: LeaderEpochs
  readonly producers: ProducerStates
  readonly #options: PartitionLogOptions
  readonly #folder: LogFolder
  readonly #snapshots: ProducerSnapshots
  readonly #tail: PartitionTail
  readonly #segments: LogSegments
  readonly #reader: LogReader
  readonly #recoveryPoint: RecoveryPoint
  readonly #appender: LogAppender
  readonly #cleaning: LogCleaning
  #logStartOffset: number
  #lastFlushMs: number

  static async open(options: PartitionLogOptions): Promise<PartitionLog> {
    await options.fileSystem.makeDirectory(options.directory)
    return new PartitionLog(options, await loadLog(options))
  }

  private constructor(options: PartitionLogOptions, loaded: LoadedLog) {
    const { leaderEpochs, producers, snapshots, logEndOffset } = loaded
    const { directory, fileSystem, checkpoint, topicId } = options
    this.leaderEpochs = leaderEpochs
    this.producers = producers
    this.#options = options
    this.#folder = new LogFolder({ path: directory, fileSystem, leaderEpochs, savedTopicId: loaded.topicId, topicId })
    this.#snapshots = snapshots
    this.#tail = new PartitionTail(options.tail)
    this.#segments = new LogSegments(fileSystem, loaded.segments)
    this.#logStartOffset = loaded.logStartOffset
    this.#reader = new LogReader(this.#segments, this.#tail, this)
    const offset = Math.min(options.recovery.recoveryPoint, logEndOffset)
    this.#recoveryPoint = new RecoveryPoint({ fileSystem, directory, checkpoint, leaderEpochs, offset })
    this.#lastFlushMs = options.clock.nowMs()
    const parts = {
      folder: this.#folder,
      segments: this.#segments,
      tail: this.#tail,
      recoveryPoint: this.#recoveryPoint,
    }
    this.#appender = new LogAppender(options, { leaderEpochs, producers, snapshots, ...parts }, logEndOffset)
    const changeFiles = (change: () => Promise<void>) => this.#changeFiles(change)
    this.#cleaning = new LogCleaning(this, options, { ...parts, snapshots, changeFiles })
  }

  get directory(): string {
    return this.#folder.path
  }

  /** Undefined only for a log that was never written to, or lost its file. */
  get topicId(): string | undefined {
    return this.#folder.topicId
  }

  /** On disk before the next records are. */
  assignTopicId(topicId: string): void {
    this.#folder.assignTopicId(topicId)
  }

  get config(): LogConfig {
    return this.#appender.config
  }

  get logStartOffset(): number {
    return this.#logStartOffset
  }

  /** Everything before it is written and readable. */
  get logEndOffset(): number {
    return this.#appender.logEndOffset
  }

  /** What the next batch will get. */
  get nextOffset(): number {
    return this.#appender.nextOffset
  }

  /** Everything before it survives a loss of power. */
  get recoveryPoint(): number {
    return this.#recoveryPoint.offset
  }

  /** Up to where the log was cleaned; undefined when it never was. */
  get cleanedOffset(): number | undefined {
    return this.#cleaning.cleanedOffset
  }

  get sizeBytes(): number {
    return this.#segments.sizeBytes
  }

  get isOffline(): boolean {
    return this.#appender.isOffline
  }

  /**
   * Validates, assigns offsets and queues. The buffer is patched in place and must not be changed before `written`.
   * @throws KafkaError when the batch is refused; nothing has happened then.
   */
  appendAsLeader(batches: Buffer, append: LeaderAppend): AppendResult {
    return this.#appender.appendAsLeader(batches, append)
  }

  /**
   * Appends the marker that ends a transaction, of which the log need not hold any record.
   * @throws KafkaError INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED
   */
  appendEndTransaction(end: EndTransaction, leaderEpoch: number): AppendResult {
    return this.#appender.appendEndTransaction(end, leaderEpoch)
  }

  /** Appends batches as the leader has them; a cut one at the end is left out. Resolves when they are readable. */
  appendAsFollower(batches: Buffer): Promise<void> {
    return this.#appender.appendAsFollower(batches)
  }

  /**
   * Whole batches from the one that contains `offset`; at once when they are still in memory.
   * @throws KafkaError OFFSET_OUT_OF_RANGE, or KAFKA_STORAGE_ERROR for files that cannot be read
   */
  read(read: LogRead): Buffer[] | Promise<Buffer[]> {
    this.#appender.requireOnline()
    return this.#reader.read(read)
  }

  /** The aborted transactions that a reader of committed records must know to understand what `read` gave it. */
  findAborted(offset: number, read: readonly Buffer[]): AbortedTransaction[] {
    return this.#reader.findAborted(offset, read)
  }

  /** Where readers of committed records must stop while the high watermark is the one that was noted last. */
  lastStableOffset(highWatermark: number): number {
    const { firstUnstableOffset } = this.producers.transactions
    if (firstUnstableOffset === undefined || firstUnstableOffset >= highWatermark) return highWatermark
    return Math.max(firstUnstableOffset, this.#logStartOffset)
  }

  noteHighWatermark(highWatermark: number): void {
    this.producers.transactions.noteHighWatermark(highWatermark)
  }

  /** The first record as young as `timestampMs`, before `upToOffset`. */
  offsetForTimestamp(timestampMs: number, upToOffset: number): Promise<TimestampOffset | undefined> {
    return this.#reader.offsetForTimestamp(timestampMs, upToOffset)
  }

  /** The first of the youngest records. */
  offsetOfMaxTimestamp(): Promise<TimestampOffset | undefined> {
    return this.#reader.offsetOfMaxTimestamp()
  }

  /** Drops every batch that ends at or behind `offset`; the log may end before it, if no batch begins there. */
  async truncateTo(offset: number): Promise<void> {
    await this.#appender.settle()
    if (offset >= this.nextOffset) return
    if (offset < this.#segments.firstOffset) return this.truncateFullyAndStartAt(offset)
    await this.#changeFiles(() => this.#truncateTo(offset))
  }

  async #truncateTo(offset: number): Promise<void> {
    const endOffset = await this.#segments.cutAt(offset, (end) => this.#recoveryPoint.lowerTo(end))
    const kept = this.#segments.list()
    await this.#snapshots.removeStray(new Set(kept.map((segment) => segment.baseOffset)), endOffset)
    await this.#endAt(endOffset)
    await replayProducers(this.producers, this.#snapshots, kept, endOffset)
  }

  /** Empties the log; the next batch gets `offset`. */
  async truncateFullyAndStartAt(offset: number): Promise<void> {
    await this.#appender.settle()
    await this.#changeFiles(async () => {
      await this.#recoveryPoint.lowerTo(Math.min(offset, this.#segments.firstOffset))
      await this.#snapshots.removeAll()
      await this.#segments.replaceAll(() => createSegment({ ...this.#options, config: this.config }, offset))
      this.producers.clear()
      this.leaderEpochs.clear()
      this.#logStartOffset = offset
      await this.#endAt(offset)
    })
  }

  /** Hides what is before `offset` (DeleteRecords, or a follower following); segments go with the next retention. */
  async advanceLogStartOffset(offset: number): Promise<void> {
    if (offset > this.logEndOffset) throw outOfRange(offset, this)
    if (offset <= this.#logStartOffset) return
    this.#logStartOffset = offset
    this.leaderEpochs.truncateFromStart(offset)
    await this.#changeFiles(() => this.leaderEpochs.save())
  }

  /** Deletes what retention no longer keeps. @returns the number of segments. */
  async deleteOldSegments(nowMs: number, highWatermark: number): Promise<number> {
    this.producers.expire(nowMs, this.config.producerExpirationMs)
    if (this.isOffline) return 0
    await this.#changeFiles(() => this.#segments.removeDeletedFiles(nowMs))
    const state = { nowMs, highWatermark, logStartOffset: this.#logStartOffset }
    const lastTimestampsMs = await this.#segments.lastTimestampsMs()
    // Without a pause up to the roll: what is appended meanwhile must not be counted among the old.
    const count = this.#segments.countDeletable(this.config, this.nextOffset, lastTimestampsMs, state)
    if (count === 0) return 0
    if (count === this.#segments.count) await this.roll()
    await this.#appender.completed()
    await this.#changeFiles(async () => {
      const deleted = await this.#segments.deleteOldest(count, nowMs + this.config.fileDeleteDelayMs)
      for (const segment of deleted) this.#snapshots.forget(segment.baseOffset)
      this.#logStartOffset = Math.max(this.#logStartOffset, this.#segments.firstOffset)
      this.leaderEpochs.truncateFromStart(this.#logStartOffset)
      await this.leaderEpochs.save()
    })
    return count
  }

  /** Closes the active segment, unless it is empty. */
  roll(): Promise<void> {
    return this.#appender.roll()
  }

  /** What decides whether the log is worth cleaning. */
  describeForCleaning(lastStableOffset: number): Promise<LogFacts> {
    return this.#cleaning.describe(lastStableOffset)
  }

  beginCleaning(exclusively: Exclusively): LogUnderCleaning {
    this.#appender.requireOnline()
    return this.#cleaning.begin(exclusively)
  }

  /** Flushes when flush.ms are over since the last time and there is something to flush. */
  async flushIfDue(nowMs: number): Promise<void> {
    if (this.isOffline || this.recoveryPoint >= this.logEndOffset) this.#lastFlushMs = nowMs
    else if (nowMs - this.#lastFlushMs >= this.config.flushMs) {
      this.#lastFlushMs = nowMs
      await this.flush()
    }
  }

  /** Makes what is written survive a loss of power. */
  async flush(): Promise<void> {
    await this.#appender.completed()
    await this.#changeFiles(async () => {
      const offset = this.logEndOffset
      for (const segment of this.#segments.listFrom(this.recoveryPoint)) {
        if (segment.baseOffset < offset) await segment.flush()
      }
      await this.#recoveryPoint.advance(offset)
    })
  }

  /** Afterwards the files alone tell all, unless the log is offline. */
  async close(): Promise<void> {
    await this.#appender.settle()
    if (!this.isOffline) {
      const hasNewFiles = await this.#segments.active.complete()
      if (this.nextOffset > 0) await this.#folder.describe()
      if (this.nextOffset > this.#logStartOffset) await this.#saveSnapshot(this.nextOffset)
      if (hasNewFiles || this.nextOffset > this.recoveryPoint) await this.#recoveryPoint.advance(this.nextOffset)
    }
    this.#tail.clear()
    await this.#segments.closeFiles()
  }

  /** The log is gone at once, even if a crash keeps its files from being removed. */
  async deleteDirectory(): Promise<void> {
    await this.#appender.settle()
    this.#appender.fail(new Error('The partition was deleted'))
    this.#tail.clear()
    await this.#segments.closeFiles()
    await this.#folder.delete()
  }

  /** From now on every call throws KAFKA_STORAGE_ERROR. */
  takeOffline(cause: unknown): void {
    this.#appender.fail(cause)
  }

  updateConfig(config: LogConfig): void {
    this.#appender.updateConfig(config)
  }

  /** What a change leaves that fails on its way is only known when the folder is opened again. */
  async #changeFiles(change: () => Promise<void>): Promise<void> {
    this.#appender.requireOnline()
    try {
      await change()
    } catch (error) {
      this.#appender.fail(error)
    }
    this.#appender.requireOnline()
  }

  async #saveSnapshot(offset: number): Promise<void> {
    if (this.#snapshots.has(offset)) return
    await this.#snapshots.save(offset, encodeProducerSnapshot(this.producers.list()))
  }

  async #endAt(offset: number): Promise<void> {
    this.#appender.goOnAt(offset)
    this.#cleaning.noteCutAt(offset)
    this.#logStartOffset = Math.min(this.#logStartOffset, offset)
    this.leaderEpochs.truncateFromEnd(offset)
    await this.leaderEpochs.save()
    await this.#recoveryPoint.syncNewNames()
  }
}
