import { type Scheduler, sleep } from '../../clock.ts'
import type { PartitionLog } from '../partition-log.ts'
import { type CleaningResult, cleanLog } from './clean-log.ts'
import { type CleanableRange, computeCleanableRange, mustClean } from './cleanable-range.ts'
import { Pace } from './pace.ts'

/** One replica as the cleaner sees it. */
export interface CleanablePartition {
  readonly topic: string
  readonly index: number
  readonly log: PartitionLog
  readonly lastStableOffset: number
  /** Runs what changes the log's files when nothing else does. */
  exclusively<T>(change: () => Promise<T>): Promise<T>
}

/** The broker configs `log.cleaner.…`, as they apply at the time. */
export interface CleanerSettings {
  readonly logCleanerEnable: boolean
  readonly logCleanerThreads: number
  readonly logCleanerBackoffMs: number
  readonly logCleanerDedupeBufferSize: number
  readonly logCleanerIoBufferLoadFactor: number
  readonly logCleanerIoBufferSize: number
  readonly logCleanerIoMaxBytesPerSecond: number
}

export interface LogCleanerOptions {
  readonly partitions: () => Iterable<CleanablePartition>
  readonly settings: () => CleanerSettings
  readonly clock: Scheduler
  /** Called after a log was cleaned, for its offset to be written down. */
  readonly onCleaned: (partition: CleanablePartition, result: CleaningResult) => Promise<void>
  /** A log that cannot be cleaned is left alone from then on, until the broker starts again. */
  readonly onFailure: (error: unknown) => void
}

const bufferBytesMin = 64 * 1024
/** With zero threads nothing is cleaned; this is how often that is looked at again. */
const idleMsMin = 100

interface Candidate {
  readonly partition: CleanablePartition
  readonly range: CleanableRange
}

/** Cleans the compacted logs of a broker, the dirtiest first, one for each of its threads at a time. */
export class LogCleaner {
  readonly #options: LogCleanerOptions
  readonly #closing = new AbortController()
  readonly #uncleanable = new WeakSet<PartitionLog>()
  #running: Promise<void> = Promise.resolve()

  constructor(options: LogCleanerOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Gives up what is being cleaned: the next start begins it anew. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  /** One look at all logs. @returns how many are cleaner than before. */
  async cleanDirtiest(): Promise<number> {
    const { logCleanerEnable, logCleanerThreads } = this.#options.settings()
    if (!logCleanerEnable) return 0
    const candidates: Candidate[] = []
    for (const partition of this.#options.partitions()) {
      const candidate = await this.#assess(partition)
      if (candidate !== undefined) candidates.push(candidate)
    }
    candidates.sort((a, b) => b.range.dirtyRatio - a.range.dirtyRatio)
    const chosen = candidates.slice(0, logCleanerThreads)
    const cleaned = await Promise.all(chosen.map((candidate) => this.#clean(candidate)))
    return cleaned.filter(Boolean).length
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const count = await this.cleanDirtiest().catch((error: unknown) => this.#report(error))
      if (count > 0) continue
      const idleMs = Math.max(idleMsMin, this.#options.settings().logCleanerBackoffMs)
      await sleep(this.#options.clock, idleMs, signal)
    }
  }

  async #assess(partition: CleanablePartition): Promise<Candidate | undefined> {
    const { log, lastStableOffset } = partition
    if (!log.config.isCompacted || log.isOffline || this.#uncleanable.has(log)) return undefined
    const { compaction } = log.config
    const range = computeCleanableRange(
      await log.describeForCleaning(lastStableOffset),
      compaction,
      this.#options.clock.nowMs(),
    )
    return mustClean(range, compaction) ? { partition, range } : undefined
  }

  async #clean({ partition, range }: Candidate): Promise<boolean> {
    const { log } = partition
    const { clock, onCleaned, settings } = this.#options
    const { logCleanerThreads: threads, ...limits } = settings()
    const { signal } = this.#closing
    try {
      const result = await cleanLog(
        log.beginCleaning((change) => partition.exclusively(change)),
        {
          range,
          map: {
            bytesMax: limits.logCleanerDedupeBufferSize / threads,
            loadFactor: limits.logCleanerIoBufferLoadFactor,
          },
          bufferBytes: Math.max(bufferBytesMin, limits.logCleanerIoBufferSize / threads / 2),
          clock,
          pace: new Pace({ clock, bytesPerSecond: () => settings().logCleanerIoMaxBytesPerSecond / threads, signal }),
        },
      )
      if (result.cleanedOffset === undefined) return false
      await onCleaned(partition, result)
      return result.cleanedOffset > range.firstDirtyOffset
    } catch (error) {
      // Also a log that was deleted is offline.
      if (signal.aborted || log.isOffline) return false
      this.#uncleanable.add(log)
      this.#report(error)
      return false
    }
  }

  #report(error: unknown): number {
    if (!this.#closing.signal.aborted) this.#options.onFailure(error)
    return 0
  }
}
