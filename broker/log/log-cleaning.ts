import type { LogUnderCleaning } from './cleaner/clean-log.ts'
import type { LogFacts } from './cleaner/cleanable-range.ts'
import type { LastRecord } from './cleaner/record-filter.ts'
import { createCleanedSegment } from './load-log.ts'
import type { LogConfig } from './log-config.ts'
import type { LogSegments } from './log-segments.ts'
import type { PartitionLogOptions } from './partition-log-options.ts'
import type { ProducerSnapshots } from './producer-snapshots.ts'
import type { ProducerState, ProducerStates } from './producer-states.ts'
import type { Segment } from './segment.ts'
import type { PartitionTail } from './tail-cache.ts'

/** Runs what changes a log's files when nothing else does. */
export type Exclusively = <T>(change: () => Promise<T>) => Promise<T>

/** The log as it is now. */
export interface CleanableLog {
  readonly config: LogConfig
  readonly producers: ProducerStates
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly nextOffset: number
  readonly recoveryPoint: number
}

/** What cleaning does to one log, and how far it is cleaned. */
export class LogCleaning {
  readonly #log: CleanableLog
  readonly #options: PartitionLogOptions
  readonly #segments: LogSegments
  readonly #snapshots: ProducerSnapshots
  readonly #tail: PartitionTail
  /** What takes the log offline when it fails. */
  readonly #changeFiles: (change: () => Promise<void>) => Promise<void>
  #cleanedOffset: number | undefined
  /** How often the log was cut: what was read before is not what is there now. */
  #cuts = 0

  constructor(
    log: CleanableLog,
    options: PartitionLogOptions,
    parts: {
      readonly segments: LogSegments
      readonly snapshots: ProducerSnapshots
      readonly tail: PartitionTail
      readonly changeFiles: (change: () => Promise<void>) => Promise<void>
    },
  ) {
    this.#log = log
    this.#options = options
    this.#segments = parts.segments
    this.#snapshots = parts.snapshots
    this.#tail = parts.tail
    this.#changeFiles = parts.changeFiles
    this.#cleanedOffset = options.recovery.cleanedOffset
  }

  /** Undefined when the log never was. */
  get cleanedOffset(): number | undefined {
    return this.#cleanedOffset
  }

  noteCutAt(offset: number): void {
    this.#cuts++
    if (this.#cleanedOffset !== undefined) this.#cleanedOffset = Math.min(this.#cleanedOffset, offset)
  }

  /** What decides whether the log is worth cleaning. */
  async describe(lastStableOffset: number): Promise<LogFacts> {
    await this.#segments.loadUnknown()
    const { logStartOffset, logEndOffset, nextOffset, recoveryPoint } = this.#log
    const closed = this.#segments.listSynced(recoveryPoint)
    const activeBaseOffset = this.#segments.list()[closed.length]?.baseOffset ?? nextOffset
    const cleanedOffset = this.#cleanedOffset
    return { closed, activeBaseOffset, logStartOffset, logEndOffset, lastStableOffset, cleanedOffset }
  }

  begin(exclusively: Exclusively): LogUnderCleaning {
    const { config, recoveryPoint, producers } = this.#log
    const cuts = this.#cuts
    return {
      config,
      segments: this.#segments.listSynced(recoveryPoint),
      abortedTransactions: this.#segments.findAborted(0, Number.POSITIVE_INFINITY),
      activeProducers: new Map(producers.list().map((producer) => [producer.producerId, lastRecordOf(producer)])),
      createCleaned: (baseOffset) => createCleanedSegment({ ...this.#options, config }, baseOffset),
      replace: (sources, cleaned) => exclusively(async () => cuts === this.#cuts && this.#replace(sources, cleaned)),
      finish: (offset) =>
        exclusively(async () => {
          if (cuts === this.#cuts) this.#cleanedOffset = offset
          return cuts === this.#cuts
        }),
    }
  }

  async #replace(sources: readonly Segment[], cleaned: Segment): Promise<boolean> {
    if (!this.#segments.holdsClosed(sources)) return false
    const dueMs = this.#options.clock.nowMs() + this.#log.config.fileDeleteDelayMs
    await this.#changeFiles(async () => {
      // A gap behind the recovery point is taken for a loss, and cleaning leaves gaps.
      await this.#options.checkpoint?.()
      await this.#segments.replace(sources, cleaned, dueMs)
    })
    this.#tail.dropBefore(cleaned.nextOffset)
    for (const { baseOffset } of sources) if (baseOffset !== cleaned.baseOffset) this.#snapshots.forget(baseOffset)
    return true
  }
}

/** A producer without data here is known by its last marker. */
function lastRecordOf({ batches, epoch }: ProducerState): LastRecord {
  return { lastDataOffset: batches.at(-1)?.lastOffset, producerEpoch: epoch }
}
