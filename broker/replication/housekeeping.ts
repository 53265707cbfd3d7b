import { type Scheduler, sleep } from '../clock.ts'
import { LogCleaner } from '../log/cleaner/log-cleaner.ts'
import type { LogDirectory } from '../log/log-directory.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { Partition } from './partition.ts'

/**
 * How often logs with a flush.ms are looked at. Apache Kafka does so every log.flush.scheduler.interval.ms, by default
 * never.
 */
const flushCheckMs = 250

/** What a broker does with its partitions from time to time, each task in a loop of its own. */
export class Housekeeping {
  readonly #partitions: () => Iterable<Partition>
  readonly #logs: LogDirectory
  readonly #settings: () => BrokerSettings
  readonly #clock: Scheduler
  readonly #onFailure: (error: unknown) => void
  readonly #cleaner: LogCleaner
  readonly #closing = new AbortController()
  #loops: Promise<void>[] = []

  constructor(options: {
    partitions: () => Iterable<Partition>
    logs: LogDirectory
    settings: () => BrokerSettings
    clock: Scheduler
    onFailure: (error: unknown) => void
  }) {
    this.#partitions = options.partitions
    this.#logs = options.logs
    this.#settings = options.settings
    this.#clock = options.clock
    this.#onFailure = options.onFailure
    const { partitions, settings, clock, logs } = options
    const onCleaned = () => logs.checkpointCleanedOffsets()
    this.#cleaner = new LogCleaner({ partitions, settings, clock, onCleaned, onFailure: this.#onFailure })
  }

  start(): void {
    const settings = this.#settings
    this.#loops = [
      this.#repeat(
        () => settings().replicaLagTimeMaxMs / 2,
        () => this.#shrinkIsrs(),
      ),
      this.#repeat(
        () => settings().replicaHighWatermarkCheckpointIntervalMs,
        () => this.checkpointHighWatermarks(),
      ),
      this.#repeat(
        () => settings().logRetentionCheckIntervalMs,
        () => this.#deleteOldSegments(),
      ),
      this.#repeat(
        () => {
          const { logFlushOffsetCheckpointIntervalMs, logFlushStartOffsetCheckpointIntervalMs } = settings()
          return Math.min(logFlushOffsetCheckpointIntervalMs, logFlushStartOffsetCheckpointIntervalMs)
        },
        () => this.#logs.checkpoint(),
      ),
      this.#repeat(
        () => Math.min(flushCheckMs, settings().logFlushSchedulerIntervalMs),
        () => this.#flush(),
      ),
    ]
    this.#cleaner.start()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([...this.#loops, this.#cleaner.close()])
  }

  async checkpointHighWatermarks(): Promise<void> {
    const offsets = []
    for (const { topic, index, highWatermark } of this.#partitions()) {
      offsets.push({ topic, partition: index, offset: highWatermark })
    }
    await this.#logs.checkpointHighWatermarks(offsets)
  }

  async #shrinkIsrs(): Promise<void> {
    for (const partition of this.#partitions()) partition.asLeader?.shrinkIsr()
  }

  async #flush(): Promise<void> {
    const nowMs = this.#clock.nowMs()
    for (const { log } of this.#partitions()) {
      if (log.config.flushMs < Number.MAX_SAFE_INTEGER) await log.flushIfDue(nowMs).catch(this.#onFailure)
    }
  }

  async #deleteOldSegments(): Promise<void> {
    for (const partition of this.#partitions()) await partition.enforceRetention().catch(this.#onFailure)
  }

  /** A task that fails, mostly for want of disk, is tried again the next time, as is one partition's retention. */
  async #repeat(intervalMs: () => number, task: () => Promise<void>): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      await sleep(this.#clock, intervalMs(), signal)
      if (signal.aborted) return
      await task().catch(this.#onFailure)
    }
  }
}
