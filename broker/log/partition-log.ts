import assert from 'node:assert'
import { randomUUID } from 'node:crypto'
import { basename, dirname } from 'node:path'
import type { Clock } from '../clock.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { buildEndTransactionBatch } from '../record/control-records.ts'
import { batchesIn, noProducerId, RecordBatch } from '../record/record-batch.ts'
import { AppendQueue } from './append-queue.ts'
import { validateClientBatch, validateSizes } from './batch-validator.ts'
import type { LogUnderCleaning } from './cleaner/clean-log.ts'
import type { LogFacts } from './cleaner/cleanable-range.ts'
import type { LastRecord } from './cleaner/record-filter.ts'
import type { FileSystem } from './file-system.ts'
import { findCut } from './find-cut.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import {
  createCleanedSegment,
  createSegment,
  type LoadedLog,
  type LogRecovery,
  loadLog,
  newSegment,
} from './load-log.ts'
import type { LogConfig } from './log-config.ts'
import { type LogRead, LogReader, outOfRange } from './log-reader.ts'
import { LogSegments } from './log-segments.ts'
import { writeTopicId } from './partition-metadata.ts'
import { encodeProducerSnapshot } from './producer-snapshot.ts'
import type { ProducerSnapshots } from './producer-snapshots.ts'
import type { EndTransaction, ProducedBatch, ProducerState, ProducerStates } from './producer-states.ts'
import { recompressBatch } from './recompress-batch.ts'
import { RecoveryPoint } from './recovery-point.ts'
import { replayProducers } from './replay-producers.ts'
import type { Segment } from './segment.ts'
import { PartitionTail, type TailCache } from './tail-cache.ts'
import type { TimestampOffset } from './time-lookup.ts'
import type { AbortedTransaction } from './transaction-index.ts'
import type { Verification } from './transaction-verifications.ts'

export interface PartitionLogOptions {
  directory: string
  config: LogConfig
  fileSystem: FileSystem
  clock: Clock
  tail: TailCache
  recovery: LogRecovery
  /** Hears what took the log offline. */
  onFailure?: (cause: unknown) => void
  /** Of a new log; one that is there knows its own. */
  topicId?: string
  /** Writes the recovery points of all logs to disk. Without it the log must be read whole after a crash. */
  checkpoint?: () => Promise<void>
}

export interface LeaderAppend {
  leaderEpoch: number
  /** Batches of a client are validated. A coordinator's are our own and may be several. A marker was checked already. */
  origin: 'client' | 'coordinator' | 'marker'
  /** What `verifications` of the producers gave out, for the first batch of a transaction. */
  verification?: Verification | undefined
}

export interface AppendResult {
  baseOffset: number
  lastOffset: number
  /** -1 where the topic keeps the producer's timestamps. */
  logAppendTimeMs: number
  /** The producer sent the batch before; the offsets are those it was given then. */
  isDuplicate: boolean
  /** When readers see it. Rejects with KAFKA_STORAGE_ERROR; may be ignored. */
  written: Promise<void>
}

/**
 * The log of one partition. Offsets are assigned synchronously, in the order of the calls; bytes follow in one queue, and
 * readers see nothing that is not written. A failed write takes the log offline until it is opened again: from then on
 * every call throws KAFKA_STORAGE_ERROR. Calls that cut or delete are for the partition's one owner, one at a time.
 */
export class PartitionLog {
  readonly directory: string
  readonly leaderEpochs: LeaderEpochs
  readonly producers: ProducerStates
  readonly #options: PartitionLogOptions
  readonly #snapshots: ProducerSnapshots
  readonly #tail: PartitionTail
  readonly #segments: LogSegments
  readonly #reader: LogReader
  readonly #queue: AppendQueue
  readonly #recoveryPoint: RecoveryPoint
  #config: LogConfig
  #topicId: string | undefined
  #isTopicIdSaved: boolean
  #logStartOffset: number
  #logEndOffset: number
  #nextOffset: number
  #cleanedOffset: number | undefined
  #lastFlushMs: number
  /** How often the log was cut: what cleaning read before is not what is there now. */
  #cuts = 0
  /** Completing rolled segments, in order. */
  #completing: Promise<void> = Promise.resolve()

  static async open(options: PartitionLogOptions): Promise<PartitionLog> {
    await options.fileSystem.makeDirectory(options.directory)
    return new PartitionLog(options, await loadLog(options))
  }

  private constructor(options: PartitionLogOptions, loaded: LoadedLog) {
    this.directory = options.directory
    this.#topicId = loaded.topicId ?? options.topicId
    this.#isTopicIdSaved = this.#topicId === loaded.topicId
    this.leaderEpochs = loaded.leaderEpochs
    this.producers = loaded.producers
    this.#options = options
    this.#config = options.config
    this.#snapshots = loaded.snapshots
    this.#tail = new PartitionTail(options.tail)
    this.#segments = new LogSegments(options.fileSystem, loaded.segments)
    this.#logStartOffset = loaded.logStartOffset
    this.#logEndOffset = loaded.logEndOffset
    this.#nextOffset = loaded.logEndOffset
    this.#reader = new LogReader(this.#segments, this.#tail, this)
    this.#recoveryPoint = new RecoveryPoint({
      ...options,
      leaderEpochs: loaded.leaderEpochs,
      offset: Math.min(options.recovery.recoveryPoint, loaded.logEndOffset),
    })
    this.#cleanedOffset = options.recovery.cleanedOffset
    this.#lastFlushMs = options.clock.nowMs()
    this.#queue = new AppendQueue({
      onWritten: (nextOffset) => {
        this.#logEndOffset = nextOffset
      },
      beforeWrite: () => (this.leaderEpochs.isDirty || !this.#isTopicIdSaved ? this.#describeFolder() : undefined),
      flushMessages: () => this.#config.flushMessages,
      onFailure: (cause) => options.onFailure?.(cause),
      sync: (segment) => this.#recoveryPoint.sync(segment),
    })
  }

  /** Undefined only for a log that was never written to, or lost its file. */
  get topicId(): string | undefined {
    return this.#topicId
  }

  /** On disk before the next records are. */
  assignTopicId(topicId: string): void {
    this.#topicId = topicId
    this.#isTopicIdSaved = false
  }

  get config(): LogConfig {
    return this.#config
  }

  get logStartOffset(): number {
    return this.#logStartOffset
  }

  /** Everything before it is written and readable. */
  get logEndOffset(): number {
    return this.#logEndOffset
  }

  /** What the next batch will get. */
  get nextOffset(): number {
    return this.#nextOffset
  }

  /** Everything before it survives a loss of power. */
  get recoveryPoint(): number {
    return this.#recoveryPoint.offset
  }

  /** Up to where the log was cleaned; undefined when it never was. */
  get cleanedOffset(): number | undefined {
    return this.#cleanedOffset
  }

  get sizeBytes(): number {
    return this.#segments.sizeBytes
  }

  get isOffline(): boolean {
    return this.#queue.failure !== undefined
  }

  /**
   * Validates, assigns offsets and queues. The buffer is patched in place and must not be changed before `written`.
   * @throws KafkaError when the batch is refused; nothing has happened then.
   */
  appendAsLeader(batches: Buffer, { leaderEpoch, origin, verification }: LeaderAppend): AppendResult {
    this.#requireOnline()
    const nowMs = this.#options.clock.nowMs()
    let batch = new RecordBatch(batches)
    if (origin === 'client') {
      validateClientBatch(batch, { config: this.#config, nowMs, logName: this.#name })
      const isIdempotent = batch.producerId !== noProducerId
      const duplicate = isIdempotent ? this.producers.checkClientBatch(batch, verification) : undefined
      if (duplicate !== undefined) return this.#resultOfDuplicate(duplicate)
      batch = this.#inCodecOfTopic(batch)
    } else if (origin === 'coordinator') this.#validateOwn(batches, verification)
    const hasLogAppendTime = this.#config.timestampType === 'LogAppendTime'
    const baseOffset = this.#nextOffset
    let written = resolved
    for (batch.moveTo(0); batch.hasLength; batch.moveTo(batch.end)) {
      if (hasLogAppendTime) batch.setLogAppendTime(nowMs)
      batch.assign(this.#nextOffset, leaderEpoch)
      written = this.#append(batch, nowMs, true)
    }
    const logAppendTimeMs = hasLogAppendTime ? nowMs : -1
    return { baseOffset, lastOffset: this.#nextOffset - 1, logAppendTimeMs, isDuplicate: false, written }
  }

  /**
   * Appends the marker that ends a transaction, of which the log need not hold any record.
   * @throws KafkaError INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED
   */
  appendEndTransaction(end: EndTransaction, leaderEpoch: number): AppendResult {
    this.#requireOnline()
    this.producers.checkEndTransaction(end)
    const timestampMs = this.#options.clock.nowMs()
    return this.appendAsLeader(buildEndTransactionBatch({ ...end, timestampMs }), { leaderEpoch, origin: 'marker' })
  }

  /** Appends batches as the leader has them; a cut one at the end is left out. Resolves when they are readable. */
  appendAsFollower(batches: Buffer): Promise<void> {
    this.#requireOnline()
    const nowMs = this.#options.clock.nowMs()
    let expectedOffset = this.#nextOffset
    for (const batch of batchesIn(batches)) {
      if (batch.baseOffset < expectedOffset || !batch.hasValidChecksum()) {
        throw new KafkaError(
          errorCodes.CORRUPT_MESSAGE,
          `Bad batch ${batch.baseOffset} where ${expectedOffset} follows`,
        )
      }
      expectedOffset = batch.nextOffset
    }
    let written = resolved
    for (const batch of batchesIn(batches)) written = this.#append(batch, nowMs, false)
    return written
  }

  /**
   * Whole batches from the one that contains `offset`; at once when they are still in memory.
   * @throws KafkaError OFFSET_OUT_OF_RANGE, or KAFKA_STORAGE_ERROR for files that cannot be read
   */
  read(read: LogRead): Buffer[] | Promise<Buffer[]> {
    this.#requireOnline()
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
    await this.#settle()
    if (offset >= this.#nextOffset) return
    if (offset < this.#segments.firstOffset) return this.truncateFullyAndStartAt(offset)
    await this.#changeFiles(() => this.#truncateTo(offset))
  }

  async #truncateTo(offset: number): Promise<void> {
    this.#cuts++
    const [last = this.#segments.active] = this.#segments.listFrom(offset)
    await last.load()
    const cut = await findCut(last, offset)
    await this.#recoveryPoint.lowerTo(cut.nextOffset)
    await this.#segments.removeBehind(offset)
    await last.truncate(cut.position, cut.nextOffset)
    const kept = this.#segments.list()
    await this.#snapshots.removeStray(new Set(kept.map((segment) => segment.baseOffset)), cut.nextOffset)
    await this.#endAt(cut.nextOffset)
    await replayProducers(this.producers, this.#snapshots, kept, cut.nextOffset)
  }

  /** Empties the log; the next batch gets `offset`. */
  async truncateFullyAndStartAt(offset: number): Promise<void> {
    await this.#settle()
    await this.#changeFiles(async () => {
      this.#cuts++
      await this.#recoveryPoint.lowerTo(Math.min(offset, this.#segments.firstOffset))
      await this.#snapshots.removeAll()
      await this.#segments.replaceAll(() => createSegment({ ...this.#options, config: this.#config }, offset))
      this.producers.clear()
      this.leaderEpochs.clear()
      this.#logStartOffset = offset
      await this.#endAt(offset)
    })
  }

  /** Hides what is before `offset` (DeleteRecords, or a follower following); segments go with the next retention. */
  async advanceLogStartOffset(offset: number): Promise<void> {
    if (offset > this.#logEndOffset) throw outOfRange(offset, this)
    if (offset <= this.#logStartOffset) return
    this.#logStartOffset = offset
    this.leaderEpochs.truncateFromStart(offset)
    await this.#changeFiles(() => this.leaderEpochs.save())
  }

  /** Deletes what retention no longer keeps. @returns the number of segments. */
  async deleteOldSegments(nowMs: number, highWatermark: number): Promise<number> {
    this.producers.expire(nowMs, this.#config.producerExpirationMs)
    await this.#segments.removeDeletedFiles(nowMs)
    if (this.isOffline) return 0
    const state = { nowMs, highWatermark, logStartOffset: this.#logStartOffset }
    const lastTimestampsMs = await this.#segments.lastTimestampsMs()
    // Without a pause up to the roll: what is appended meanwhile must not be counted among the old.
    const count = this.#segments.countDeletable(this.#config, this.#nextOffset, lastTimestampsMs, state)
    if (count === 0) return 0
    if (count === this.#segments.count) await this.roll()
    await this.#completing
    await this.#changeFiles(async () => {
      const deleted = await this.#segments.deleteOldest(count, nowMs + this.#config.fileDeleteDelayMs)
      for (const segment of deleted) this.#snapshots.forget(segment.baseOffset)
      this.#logStartOffset = Math.max(this.#logStartOffset, this.#segments.firstOffset)
      this.leaderEpochs.truncateFromStart(this.#logStartOffset)
      await this.leaderEpochs.save()
    })
    return count
  }

  /** Closes the active segment, unless it is empty. */
  async roll(): Promise<void> {
    if (this.#segments.active.sizeBytes > 0) await this.#roll(this.#nextOffset)
    this.#requireOnline()
  }

  /** What decides whether the log is worth cleaning. */
  async describeForCleaning(lastStableOffset: number): Promise<LogFacts> {
    await this.#segments.loadUnknown()
    const closed = this.#segments.listSynced(this.recoveryPoint)
    const activeBaseOffset = this.#segments.list()[closed.length]?.baseOffset ?? this.#nextOffset
    const { logStartOffset, logEndOffset, cleanedOffset } = this
    return { closed, activeBaseOffset, logStartOffset, logEndOffset, lastStableOffset, cleanedOffset }
  }

  /** `exclusively` runs what changes the log's files when nothing else does. */
  beginCleaning(exclusively: <T>(change: () => Promise<T>) => Promise<T>): LogUnderCleaning {
    this.#requireOnline()
    const cuts = this.#cuts
    return {
      config: this.#config,
      segments: this.#segments.listSynced(this.recoveryPoint),
      abortedTransactions: this.#segments.findAborted(0, Number.POSITIVE_INFINITY),
      activeProducers: new Map(this.producers.list().map((producer) => [producer.producerId, lastRecordOf(producer)])),
      createCleaned: (baseOffset) => createCleanedSegment({ ...this.#options, config: this.#config }, baseOffset),
      replace: (sources, cleaned) => exclusively(async () => cuts === this.#cuts && this.#replace(sources, cleaned)),
      finish: (offset) =>
        exclusively(async () => {
          if (cuts === this.#cuts) this.#cleanedOffset = offset
          return cuts === this.#cuts
        }),
    }
  }

  /** Flushes when flush.ms are over since the last time and there is something to flush. */
  async flushIfDue(nowMs: number): Promise<void> {
    if (this.isOffline || this.recoveryPoint >= this.#logEndOffset) this.#lastFlushMs = nowMs
    else if (nowMs - this.#lastFlushMs >= this.#config.flushMs) {
      this.#lastFlushMs = nowMs
      await this.flush()
    }
  }

  /** Makes what is written survive a loss of power. */
  async flush(): Promise<void> {
    await this.#completing
    await this.#changeFiles(async () => {
      const offset = this.#logEndOffset
      for (const segment of this.#segments.listFrom(this.recoveryPoint)) {
        if (segment.baseOffset < offset) await segment.flush()
      }
      await this.#recoveryPoint.advance(offset)
    })
  }

  /** Afterwards the files alone tell all, unless the log is offline. */
  async close(): Promise<void> {
    await this.#settle()
    if (!this.isOffline) {
      await this.#segments.active.complete()
      if (this.#nextOffset > 0) await this.#describeFolder()
      if (this.#nextOffset > this.#logStartOffset) await this.#saveSnapshot(this.#nextOffset)
      if (this.#nextOffset > this.recoveryPoint) await this.#recoveryPoint.advance(this.#nextOffset)
    }
    this.#tail.clear()
    await this.#segments.closeFiles()
  }

  /** The log is gone at once, even if a crash keeps its files from being removed. */
  async deleteDirectory(): Promise<void> {
    await this.#settle()
    this.#queue.fail(new Error('The partition was deleted'))
    this.#tail.clear()
    await this.#segments.closeFiles()
    const { fileSystem } = this.#options
    const doomed = `${this.directory}.${randomUUID().replaceAll('-', '')}${deletedDirectorySuffix}`
    await fileSystem.rename(this.directory, doomed)
    await fileSystem.syncDirectory(dirname(this.directory))
    await fileSystem.remove(doomed)
  }

  /** From now on every call throws KAFKA_STORAGE_ERROR. */
  takeOffline(cause: unknown): void {
    this.#queue.fail(cause)
  }

  updateConfig(config: LogConfig): void {
    this.#config = config
  }

  get #name(): string {
    return basename(this.directory)
  }

  #inCodecOfTopic(batch: RecordBatch): RecordBatch {
    const { compression } = this.#config
    if (compression === undefined || compression.codec === batch.codec) return batch
    const recompressed = new RecordBatch(recompressBatch(batch, compression))
    validateSizes(recompressed, this.#config)
    return recompressed
  }

  /** What a change leaves that fails on its way is only known when the folder is opened again. */
  async #changeFiles(change: () => Promise<void>): Promise<void> {
    this.#requireOnline()
    try {
      await change()
    } catch (error) {
      this.#queue.fail(error)
    }
    this.#requireOnline()
  }

  #requireOnline(): void {
    if (this.#queue.failure !== undefined) throw this.#queue.failure
  }

  #validateOwn(batches: Buffer, verification: Verification | undefined): void {
    let end = 0
    for (const batch of batchesIn(batches)) {
      validateSizes(batch, this.#config)
      if (batch.producerId !== noProducerId) this.producers.checkCoordinatorBatch(batch, verification)
      end = batch.end
    }
    assert(end === batches.length && end > 0, 'A coordinator appends whole batches')
  }

  #resultOfDuplicate({ baseOffset, lastOffset, timestampMs }: ProducedBatch): AppendResult {
    const logAppendTimeMs = this.#config.timestampType === 'LogAppendTime' ? timestampMs : -1
    const written = this.#queue.writtenUpTo(lastOffset)
    return { baseOffset, lastOffset, logAppendTimeMs, isDuplicate: true, written }
  }

  /** What must be in the folder before records are. An empty log has nothing there: thousands are made at once. */
  async #describeFolder(): Promise<void> {
    await this.leaderEpochs.save()
    if (this.#isTopicIdSaved || this.#topicId === undefined) return
    await writeTopicId(this.#options.fileSystem, this.directory, this.#topicId)
    this.#isTopicIdSaved = true
  }

  /** Takes a batch in under the offsets that are in it. */
  #append(batch: RecordBatch, nowMs: number, keepInTail: boolean): Promise<void> {
    const baseOffset = batch.baseOffset
    const nextOffset = batch.nextOffset
    if (this.#segments.active.mustRollBefore(batch, nextOffset - 1, this.#config, nowMs)) void this.#roll(baseOffset)
    this.leaderEpochs.assign(batch.partitionLeaderEpoch, baseOffset)
    const segment = this.#segments.active
    const aborted = this.producers.update(batch)
    if (aborted !== undefined) segment.transactions.append(aborted)
    const position = segment.add(batch)
    const bytes = batch.bytes
    const slab = keepInTail ? this.#tail.append(bytes, baseOffset, nextOffset) : undefined
    if (!keepInTail) this.#tail.clear()
    this.#nextOffset = nextOffset
    return this.#queue.add({ segment, position, bytes, slab, baseOffset, nextOffset })
  }

  #roll(baseOffset: number): Promise<void> {
    const closed = this.#segments.active
    const opened = newSegment({ ...this.#options, config: this.#config }, baseOffset)
    this.#segments.push(opened)
    const snapshot = encodeProducerSnapshot(this.producers.list())
    return this.#queue.addTask(async () => {
      await this.#snapshots.save(baseOffset, snapshot)
      // Its name tells where the log goes on, should retention take all that was before it.
      await opened.file.write([], 0)
      this.#recoveryPoint.noteNewNames()
      this.#completing = this.#completing.then(() => this.#complete(closed, baseOffset))
    })
  }

  /** Syncing a gigabyte takes a while, so that appends do not wait for it. */
  async #complete(closed: Segment, endOffset: number): Promise<void> {
    // The segment before it may not be synced.
    if (this.isOffline) return
    try {
      await closed.complete()
      closed.unload()
      // When retention takes the segments before it, the snapshot alone tells what was in them.
      await this.#snapshots.sync(endOffset)
      await this.#recoveryPoint.advance(endOffset)
    } catch (error) {
      this.#queue.fail(error)
    }
  }

  async #replace(sources: readonly Segment[], cleaned: Segment): Promise<boolean> {
    this.#requireOnline()
    if (!this.#segments.holdsClosed(sources)) return false
    const dueMs = this.#options.clock.nowMs() + this.#config.fileDeleteDelayMs
    await this.#changeFiles(async () => {
      // A gap behind the recovery point is taken for a loss, and cleaning leaves gaps.
      await this.#options.checkpoint?.()
      await this.#segments.replace(sources, cleaned, dueMs)
    })
    this.#tail.dropBefore(cleaned.nextOffset)
    for (const { baseOffset } of sources) if (baseOffset !== cleaned.baseOffset) this.#snapshots.forget(baseOffset)
    return true
  }

  async #saveSnapshot(offset: number): Promise<void> {
    if (this.#snapshots.has(offset)) return
    await this.#snapshots.save(offset, encodeProducerSnapshot(this.producers.list()))
  }

  /** Waits until nothing is under way. */
  async #settle(): Promise<void> {
    await this.#queue.idle()
    await this.#completing
  }

  async #endAt(offset: number): Promise<void> {
    this.#tail.clear()
    this.#nextOffset = offset
    this.#logEndOffset = offset
    this.#logStartOffset = Math.min(this.#logStartOffset, offset)
    if (this.#cleanedOffset !== undefined) this.#cleanedOffset = Math.min(this.#cleanedOffset, offset)
    this.leaderEpochs.truncateFromEnd(offset)
    await this.leaderEpochs.save()
    await this.#recoveryPoint.syncNewNames()
  }
}

const resolved = Promise.resolve()

/** A producer without data here is known by its last marker. */
function lastRecordOf({ batches, epoch }: ProducerState): LastRecord {
  return { lastDataOffset: batches.at(-1)?.lastOffset, producerEpoch: epoch }
}

export const deletedDirectorySuffix = '-delete'
