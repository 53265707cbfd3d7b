import type { Scheduler } from '../clock.ts'
import type { ReadLoan } from '../log/read-loan.ts'
import type { AbortedTransaction } from '../log/transaction-index.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import type { TimerHandle, TimerWheel } from '../timer-wheel.ts'
import type { Partition } from './partition.ts'
import type { ReplicationQuota } from './replication-quota.ts'
import type { EpochEndOffset } from './truncation-offset.ts'
import type { Watcher } from './watchers.ts'

export interface FetchTarget {
  readonly partition: Partition
  readonly fetchOffset: number
  /** -1 when the client does not know it. */
  readonly currentLeaderEpoch: number
  /** The epoch of the record before `fetchOffset`, -1 when unknown: a log that parted from the leader's is told so. */
  readonly lastFetchedEpoch: number
  /** Where the follower's own log begins. */
  readonly logStartOffset: number
  readonly bytesMax: number
  /** What the follower was last told; it is told at once when it matters to its readers. Never, when left out. */
  readonly toldHighWatermark?: number | undefined
}

/** Consumers read up to the high watermark or, of committed records, the last stable offset; followers to the log's end. */
export type FetchReader =
  | { readonly kind: 'consumer'; readonly isReadCommitted: boolean; readonly mayReadFollowers: boolean }
  | { readonly kind: 'follower'; readonly replicaId: number; readonly brokerEpoch: number }

export interface FetchResult {
  readonly errorCode: ErrorCode
  readonly records: readonly Buffer[]
  readonly sizeBytes: number
  readonly divergingEpoch: EpochEndOffset | undefined
  /** Where to read instead. */
  readonly preferredReadReplica?: number
  /** Null for those who did not ask for committed records only. */
  readonly abortedTransactions: readonly AbortedTransaction[] | null
}

export interface FetchOptions {
  readonly targets: readonly FetchTarget[]
  readonly reader: FetchReader
  readonly waitMsMax: number
  readonly bytesMin: number
  /** Soft: the first batch is given whatever its size. */
  readonly bytesMax: number
  readonly timers: TimerWheel
  readonly clock: Scheduler
  /** What this broker may send to followers that catch up with throttled replicas. */
  readonly leaderQuota: ReplicationQuota
  /** Where a consumer should read a partition instead, if anywhere. */
  readonly findNearer?: ((target: FetchTarget) => number | undefined) | undefined
  /** Where the records lie until whoever asked has ended it. */
  readonly loan?: ReadLoan | undefined
}

/**
 * One fetch over many partitions, with the long poll: it answers when there are `bytesMin` bytes, an error or a
 * divergence, or when `waitMsMax` is over. While it waits it watches its partitions and reads again only those that have
 * moved.
 */
export class FetchOperation {
  readonly #options: FetchOptions
  readonly #results: FetchResult[] = []
  readonly #watchers: TargetWatcher[] = []
  #sizeBytes = 0
  /** An error or a divergence is there to be told. */
  #hasNews = false
  #moved: number[] = []
  #isReading = false
  #timer: TimerHandle | undefined
  #waiting: { resolve: (results: readonly FetchResult[]) => void; reject: (error: unknown) => void } | undefined

  constructor(options: FetchOptions) {
    this.#options = options
  }

  async run(): Promise<readonly FetchResult[]> {
    const { targets, waitMsMax } = this.#options
    for (let i = 0; i < targets.length; i++) {
      const reading = this.#read(i, true)
      if (reading instanceof Promise) await reading
    }
    if (targets.length === 0 || waitMsMax <= 0 || this.#isAnswerable()) return this.#results
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#park()
    })
  }

  /** Ends the wait, if there is one, with what there is. */
  finish(): void {
    const waiting = this.#stopWaiting()
    waiting?.resolve(this.#results)
  }

  #park(): void {
    const { targets, reader, timers, waitMsMax } = this.#options
    this.#timer = timers.schedule(waitMsMax, () => this.finish())
    for (const [i, { partition, fetchOffset }] of targets.entries()) {
      const watcher = new TargetWatcher(partition, () => this.#wake(i))
      if (reader.kind === 'follower') partition.watchLogEnd(watcher)
      else partition.watchHighWatermark(watcher)
      this.#watchers.push(watcher)
      // Reads from files take time: the partition may have moved while another one was read.
      if (this.#results[i]?.sizeBytes === 0 && this.#readableEnd(partition) > fetchOffset) watcher.wake()
    }
  }

  #stopWaiting() {
    const waiting = this.#waiting
    if (waiting === undefined) return undefined
    this.#waiting = undefined
    this.#timer?.cancel()
    for (const watcher of this.#watchers) watcher.end()
    return waiting
  }

  /** All that moves in one turn of the event loop is read together. */
  #wake(i: number): void {
    this.#moved.push(i)
    if (this.#isReading) return
    this.#isReading = true
    this.#options.clock.setImmediate(() => {
      this.#readMoved().catch((error: unknown) => this.#stopWaiting()?.reject(error))
    })
  }

  async #readMoved(): Promise<void> {
    while (this.#moved.length > 0 && this.#waiting !== undefined) {
      const moved = this.#moved
      this.#moved = []
      for (const i of moved) {
        const reading = this.#read(i, false)
        if (reading instanceof Promise) await reading
        if (this.#hasNewLogStart(i)) this.#hasNews = true
      }
      if (this.#isAnswerable()) this.finish()
    }
    this.#isReading = false
  }

  /** A follower that is to drop old records is not kept waiting for new ones. */
  #hasNewLogStart(i: number): boolean {
    const target = this.#options.targets[i]
    if (target === undefined || this.#options.reader.kind === 'consumer') return false
    return target.partition.logStartOffset > target.logStartOffset
  }

  #isAnswerable(): boolean {
    return this.#hasNews || this.#sizeBytes >= this.#options.bytesMin
  }

  #read(i: number, isFirstTime: boolean): Promise<void> | undefined {
    const target = this.#options.targets[i]
    if (target === undefined) return undefined
    const refusal = this.#refuse(target, isFirstTime)
    if (refusal !== undefined) {
      this.#hasNews = true
      this.#keep(i, refusal)
      return undefined
    }
    const otherBytes = this.#sizeBytes - (this.#results[i]?.sizeBytes ?? 0)
    const read = this.#readRecords(target, otherBytes)
    if (!(read instanceof Promise)) {
      this.#keep(i, this.#success(target, read))
      return undefined
    }
    return read.then(
      (records) => this.#keep(i, this.#success(target, records)),
      (error: unknown) => {
        if (!(error instanceof KafkaError)) throw error
        this.#hasNews = true
        this.#keep(i, failure(error.code))
      },
    )
  }

  #keep(i: number, result: FetchResult): void {
    this.#sizeBytes += result.sizeBytes - (this.#results[i]?.sizeBytes ?? 0)
    this.#results[i] = result
  }

  #readRecords({ partition, fetchOffset, bytesMax }: FetchTarget, otherBytes: number) {
    if (this.#isThrottled(partition)) return []
    const upToOffset = this.#readableEnd(partition)
    const maxBytes = Math.min(bytesMax, this.#options.bytesMax - otherBytes)
    const atLeastOneBatch = otherBytes === 0
    if (fetchOffset >= upToOffset || (maxBytes <= 0 && !atLeastOneBatch)) return []
    const { loan } = this.#options
    return partition.log.read({ offset: fetchOffset, maxBytes, upToOffset, atLeastOneBatch, loan })
  }

  /** A replica in sync is never held back: producers wait for it. */
  #isThrottled(partition: Partition): boolean {
    const { reader, leaderQuota, clock } = this.#options
    if (reader.kind === 'consumer' || !partition.isThrottledAsLeader) return false
    return leaderQuota.delayMs(clock.monotonicMs()) > 0 && !partition.isr.includes(reader.replicaId)
  }

  #refuse(target: FetchTarget, isFirstTime: boolean): FetchResult | undefined {
    const { partition, fetchOffset } = target
    const errorCode = this.#checkReader(target)
    if (errorCode !== errorCodes.NONE) return failure(errorCode)
    const nearer = isFirstTime ? this.#options.findNearer?.(target) : undefined
    if (nearer !== undefined) return { ...failure(errorCodes.NONE), preferredReadReplica: nearer }
    if (fetchOffset < partition.logStartOffset) return failure(errorCodes.OFFSET_OUT_OF_RANGE)
    if (target.lastFetchedEpoch !== -1) {
      const end = partition.endOffsetOfEpoch(target.lastFetchedEpoch)
      if (end.endOffset === -1) return failure(errorCodes.OFFSET_OUT_OF_RANGE)
      if (end.epoch < target.lastFetchedEpoch || end.endOffset < fetchOffset) return divergence(end)
    }
    if (fetchOffset > partition.logEndOffset) return failure(errorCodes.OFFSET_OUT_OF_RANGE)
    return isFirstTime ? this.#noteFollower(target) : undefined
  }

  #checkReader({ partition, currentLeaderEpoch }: FetchTarget): ErrorCode {
    const { reader } = this.#options
    const isAnyReplica = reader.kind === 'consumer' && reader.mayReadFollowers
    return isAnyReplica ? partition.checkReplica(currentLeaderEpoch) : partition.checkLeader(currentLeaderEpoch)
  }

  /** Before reading, so that the answer carries the high watermark that this very fetch may have moved. */
  #noteFollower(target: FetchTarget): FetchResult | undefined {
    const { partition, fetchOffset, logStartOffset } = target
    const { reader } = this.#options
    if (reader.kind === 'consumer') return undefined
    const { replicaId, brokerEpoch } = reader
    const fetch = { replicaId, brokerEpoch, fetchOffset, logStartOffset }
    const errorCode = partition.asLeader?.recordFetch(fetch) ?? errorCodes.NOT_LEADER_OR_FOLLOWER
    if (errorCode !== errorCodes.NONE) return failure(errorCode)
    if ((target.toldHighWatermark ?? Number.POSITIVE_INFINITY) < partition.highWatermark) this.#hasNews = true
    return undefined
  }

  #success({ partition, fetchOffset }: FetchTarget, records: readonly Buffer[]): FetchResult {
    const { reader } = this.#options
    const isReadCommitted = reader.kind === 'consumer' && reader.isReadCommitted
    const abortedTransactions = isReadCommitted ? partition.log.findAborted(fetchOffset, records) : null
    let sizeBytes = 0
    for (const buffer of records) sizeBytes += buffer.length
    return { errorCode: errorCodes.NONE, records, sizeBytes, divergingEpoch: undefined, abortedTransactions }
  }

  #readableEnd(partition: Partition): number {
    const { reader } = this.#options
    if (reader.kind === 'follower') return partition.logEndOffset
    return reader.isReadCommitted ? partition.lastStableOffset : partition.highWatermark
  }
}

class TargetWatcher implements Watcher {
  readonly #partition: Partition
  readonly wake: () => void

  constructor(partition: Partition, wake: () => void) {
    this.#partition = partition
    this.wake = wake
  }

  end(): void {
    this.#partition.unwatch(this)
  }
}

function failure(errorCode: ErrorCode): FetchResult {
  return { errorCode, records: [], sizeBytes: 0, divergingEpoch: undefined, abortedTransactions: null }
}

function divergence(divergingEpoch: EpochEndOffset): FetchResult {
  return { errorCode: errorCodes.NONE, records: [], sizeBytes: 0, divergingEpoch, abortedTransactions: null }
}
