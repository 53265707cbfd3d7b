import assert from 'node:assert'
import { basename } from 'node:path'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { buildEndTransactionBatch } from '../record/control-records.ts'
import { batchesIn, noProducerId, RecordBatch } from '../record/record-batch.ts'
import { AppendQueue } from './append-queue.ts'
import { validateClientBatch, validateSizes } from './batch-validator.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import { newSegment } from './load-log.ts'
import type { LogConfig } from './log-config.ts'
import type { LogFolder } from './log-folder.ts'
import type { LogSegments } from './log-segments.ts'
import type { PartitionLogOptions } from './partition-log-options.ts'
import { encodeProducerSnapshot } from './producer-snapshot.ts'
import type { ProducerSnapshots } from './producer-snapshots.ts'
import type { EndTransaction, ProducedBatch, ProducerStates } from './producer-states.ts'
import { recompressBatch } from './recompress-batch.ts'
import type { RecoveryPoint } from './recovery-point.ts'
import type { Segment } from './segment.ts'
import type { PartitionTail } from './tail-cache.ts'
import type { Verification } from './transaction-verifications.ts'

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

/** What appending to a log changes beside its end. */
export interface AppendedTo {
  readonly folder: LogFolder
  readonly leaderEpochs: LeaderEpochs
  readonly producers: ProducerStates
  readonly snapshots: ProducerSnapshots
  readonly segments: LogSegments
  readonly tail: PartitionTail
  readonly recoveryPoint: RecoveryPoint
}

/**
 * The end of a log, where batches get their offsets: synchronously, in the order of the calls. Their bytes follow in one
 * queue, and segments are closed as they fill up. After a failure of the disk every call throws KAFKA_STORAGE_ERROR.
 */
export class LogAppender {
  readonly #options: PartitionLogOptions
  readonly #folder: LogFolder
  readonly #leaderEpochs: LeaderEpochs
  readonly #producers: ProducerStates
  readonly #snapshots: ProducerSnapshots
  readonly #segments: LogSegments
  readonly #tail: PartitionTail
  readonly #recoveryPoint: RecoveryPoint
  readonly #queue: AppendQueue
  #config: LogConfig
  #logEndOffset: number
  #nextOffset: number
  /** Completing rolled segments, in order. */
  #completing = resolved

  constructor(options: PartitionLogOptions, parts: AppendedTo, logEndOffset: number) {
    this.#options = options
    this.#config = options.config
    this.#folder = parts.folder
    this.#leaderEpochs = parts.leaderEpochs
    this.#producers = parts.producers
    this.#snapshots = parts.snapshots
    this.#segments = parts.segments
    this.#tail = parts.tail
    this.#recoveryPoint = parts.recoveryPoint
    this.#logEndOffset = logEndOffset
    this.#nextOffset = logEndOffset
    this.#queue = new AppendQueue({
      onWritten: (nextOffset) => {
        this.#logEndOffset = nextOffset
      },
      beforeWrite: () => (this.#folder.isDescribed ? undefined : this.#folder.describe()),
      flushMessages: () => this.#config.flushMessages,
      onFailure: (cause) => options.onFailure?.(cause),
      sync: (segment) => this.#recoveryPoint.sync(segment),
    })
  }

  get config(): LogConfig {
    return this.#config
  }

  updateConfig(config: LogConfig): void {
    this.#config = config
  }

  get logEndOffset(): number {
    return this.#logEndOffset
  }

  get nextOffset(): number {
    return this.#nextOffset
  }

  get isOffline(): boolean {
    return this.#queue.failure !== undefined
  }

  requireOnline(): void {
    if (this.#queue.failure !== undefined) throw this.#queue.failure
  }

  fail(cause: unknown): void {
    this.#queue.fail(cause)
  }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    await this.#queue.idle()
    await this.#completing
  }

  /** Waits until all closed segments are synced. */
  completed(): Promise<void> {
    return this.#completing
  }

  /** The log was cut, or emptied: the next batch gets `offset`. Nothing may be under way. */
  goOnAt(offset: number): void {
    this.#tail.clear()
    this.#nextOffset = offset
    this.#logEndOffset = offset
  }

  appendAsLeader(batches: Buffer, { leaderEpoch, origin, verification }: LeaderAppend): AppendResult {
    this.requireOnline()
    const nowMs = this.#options.clock.nowMs()
    let batch = new RecordBatch(batches)
    if (origin === 'client') {
      validateClientBatch(batch, { config: this.#config, nowMs, logName: basename(this.#folder.path) })
      const isIdempotent = batch.producerId !== noProducerId
      const duplicate = isIdempotent ? this.#producers.checkClientBatch(batch, verification) : undefined
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

  appendEndTransaction(end: EndTransaction, leaderEpoch: number): AppendResult {
    this.requireOnline()
    this.#producers.checkEndTransaction(end)
    const timestampMs = this.#options.clock.nowMs()
    return this.appendAsLeader(buildEndTransactionBatch({ ...end, timestampMs }), { leaderEpoch, origin: 'marker' })
  }

  appendAsFollower(batches: Buffer): Promise<void> {
    this.requireOnline()
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

  /** Closes the active segment, unless it is empty. */
  async roll(): Promise<void> {
    if (this.#segments.active.sizeBytes > 0) await this.#roll(this.#nextOffset)
    this.requireOnline()
  }

  #inCodecOfTopic(batch: RecordBatch): RecordBatch {
    const { compression } = this.#config
    if (compression === undefined || compression.codec === batch.codec) return batch
    const recompressed = new RecordBatch(recompressBatch(batch, compression))
    validateSizes(recompressed, this.#config)
    return recompressed
  }

  #validateOwn(batches: Buffer, verification: Verification | undefined): void {
    let end = 0
    for (const batch of batchesIn(batches)) {
      validateSizes(batch, this.#config)
      if (batch.producerId !== noProducerId) this.#producers.checkCoordinatorBatch(batch, verification)
      end = batch.end
    }
    assert(end === batches.length && end > 0, 'A coordinator appends whole batches')
  }

  #resultOfDuplicate({ baseOffset, lastOffset, timestampMs }: ProducedBatch): AppendResult {
    const logAppendTimeMs = this.#config.timestampType === 'LogAppendTime' ? timestampMs : -1
    const written = this.#queue.writtenUpTo(lastOffset)
    return { baseOffset, lastOffset, logAppendTimeMs, isDuplicate: true, written }
  }

  /** Takes a batch in under the offsets that are in it. */
  #append(batch: RecordBatch, nowMs: number, keepInTail: boolean): Promise<void> {
    const baseOffset = batch.baseOffset
    const nextOffset = batch.nextOffset
    if (this.#segments.active.mustRollBefore(batch, nextOffset - 1, this.#config, nowMs)) void this.#roll(baseOffset)
    this.#leaderEpochs.assign(batch.partitionLeaderEpoch, baseOffset)
    const segment = this.#segments.active
    const aborted = this.#producers.update(batch)
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
    const snapshot = encodeProducerSnapshot(this.#producers.list())
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
}

const resolved = Promise.resolve()
