import type { Scheduler } from '../clock.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { MetadataImage } from '../metadata/image.ts'
import { recordsOfImage } from '../metadata/image-records.ts'
import { encodeSnapshot, type SnapshotId } from '../metadata/snapshot.ts'
import type { MetadataLogWriter } from './metadata-log-writer.ts'
import type { MetadataSnapshots } from './metadata-snapshots.ts'

/** A log this short is read in a few milliseconds. */
const logBytesMin = 1024 * 1024
/** A log this much longer than its snapshot costs more to read than the snapshot does to write. */
const logToSnapshotRatio = 4

export interface SnapshotLimits {
  /** After this many bytes of log there is a new snapshot in any case: `metadata.log.max.record.bytes.between.snapshots`. */
  readonly logBytesMax: number
  /** After this time, if anything has changed; 0 for never: `metadata.log.max.snapshot.interval.ms`. */
  readonly intervalMs: number
}

/**
 * Writes a snapshot of the image when the log has grown, and deletes what of the log is in it. In this order, so that a
 * crash at any step leaves a snapshot and all of the log that follows it: the log begins a new segment; the snapshot is
 * written and synced; older segments, then older snapshots go. What the new segment begins with names the controller
 * again, since that is part of the log and not of the image.
 */
export class MetadataSnapshotWriter {
  readonly #log: PartitionLog
  readonly #writer: MetadataLogWriter
  readonly #image: MetadataImage
  readonly #snapshots: MetadataSnapshots
  readonly #clock: Scheduler
  readonly #limits: () => SnapshotLimits
  readonly #nameController: () => void
  readonly #onFailure: (error: Error) => void
  #latest: SnapshotId | undefined
  #latestBytes: number
  #logBytes: number
  #takenAtMs: number
  #taking: Promise<void> | undefined

  constructor(options: {
    log: PartitionLog
    writer: MetadataLogWriter
    image: MetadataImage
    snapshots: MetadataSnapshots
    clock: Scheduler
    limits: () => SnapshotLimits
    /** Appends a LeaderChange. */
    nameController: () => void
    onFailure: (error: Error) => void
    latest: SnapshotId | undefined
    /** Of the snapshot that was read, and of the log after it. */
    readBytes: { snapshot: number; log: number }
  }) {
    this.#log = options.log
    this.#writer = options.writer
    this.#image = options.image
    this.#snapshots = options.snapshots
    this.#clock = options.clock
    this.#limits = options.limits
    this.#nameController = options.nameController
    this.#onFailure = options.onFailure
    this.#latest = options.latest
    this.#latestBytes = options.readBytes.snapshot
    this.#logBytes = options.readBytes.log
    this.#takenAtMs = options.clock.monotonicMs()
  }

  /** The log begins no later than where this ends. */
  get latest(): SnapshotId | undefined {
    return this.#latest
  }

  /** When the interval is over; never while nothing has changed, or without an interval. */
  get dueAtMs(): number {
    const { intervalMs } = this.#limits()
    return this.#logBytes === 0 || intervalMs === 0 ? Number.POSITIVE_INFINITY : this.#takenAtMs + intervalMs
  }

  noticeAppend(bytes: number): void {
    this.#logBytes += bytes
  }

  /** Begins a snapshot where one is due, of the image as it is now. */
  takeWhenDue(): void {
    if (this.#taking !== undefined || !this.#isDue()) return
    this.#taking = this.#take()
      .catch((cause) => this.#onFailure(new Error('No snapshot of the metadata could be written', { cause })))
      .finally(() => {
        this.#taking = undefined
      })
  }

  async close(): Promise<void> {
    await this.#taking
  }

  #isDue(): boolean {
    if (this.#logBytes >= Math.max(logBytesMin, logToSnapshotRatio * this.#latestBytes)) return true
    if (this.#logBytes >= this.#limits().logBytesMax) return true
    return this.#clock.monotonicMs() >= this.dueAtMs
  }

  async #take(): Promise<void> {
    const id = { endOffset: this.#writer.endOffset, epoch: this.#writer.leaderEpoch }
    const timestampMs = this.#clock.nowMs()
    const records = recordsOfImage(this.#image)
    this.#logBytes = 0
    this.#takenAtMs = this.#clock.monotonicMs()
    const rolled = this.#log.roll()
    this.#nameController()
    await rolled
    const pause = () => new Promise<void>((resolve) => this.#clock.setImmediate(resolve))
    const bytes = await encodeSnapshot(records, { epoch: id.epoch, lastTimestampMs: timestampMs, timestampMs }, pause)
    // What is in a snapshot is final: nothing may be in it that a crash could still undo.
    await this.#writer.whenCommitted(id.endOffset + 1)
    await this.#snapshots.save(id, bytes)
    this.#latest = id
    this.#latestBytes = bytes.length
    await this.#log.advanceLogStartOffset(id.endOffset)
    await this.#log.deleteOldSegments(this.#clock.nowMs(), this.#writer.committedOffset)
    await this.#snapshots.deleteOthers(id)
  }
}
