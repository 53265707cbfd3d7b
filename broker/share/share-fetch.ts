import type { Scheduler } from '../clock.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import { sizeOf } from './record-spans.ts'
import type { AcquiredBatches, ShareFetchLimits, SharePartitionLeader } from './share-partition-leader.ts'
import type { ShareRead } from './share-read.ts'

export interface ShareFetchOptions extends ShareFetchLimits {
  /** In the order in which they are asked: whoever calls makes it another one each time. */
  readonly leaders: readonly SharePartitionLeader[]
  readonly waitMsMax: number
  readonly bytesMin: number
  readonly bytesMax: number
  readonly timers: TimerWheel
  readonly clock: Scheduler
}

export type ShareFetched = ReadonlyMap<SharePartitionLeader, AcquiredBatches | ErrorCode>

interface Found {
  readonly leader: SharePartitionLeader
  readonly read: ShareRead
}

/**
 * One fetch over many share partitions, with the long poll: it answers when there are records to hand out, `bytesMin` bytes
 * of them, or an error, or when `waitMsMax` is over. Nothing is acquired before it answers.
 */
export class ShareFetch {
  readonly #options: ShareFetchOptions
  readonly #errors = new Map<SharePartitionLeader, ErrorCode>()

  constructor(options: ShareFetchOptions) {
    this.#options = options
  }

  async run(): Promise<ShareFetched> {
    const { leaders, waitMsMax, clock } = this.#options
    const endMs = clock.monotonicMs() + waitMsMax
    for (;;) {
      const bell = new Bell(this.#options)
      try {
        for (const leader of leaders) bell.watch(leader)
        for (const leader of leaders) this.#load(leader)
        const leftMs = endMs - clock.monotonicMs()
        const isLast = leftMs <= 0
        const found = await this.#read()
        const fetched = this.#acquire(found, isLast)
        if (fetched !== undefined) return fetched
        // What was read may all have been skipped, or somebody else was faster: there may be more behind it.
        if (!found.some(({ leader, read }) => leader.fetchOffset !== read.fetchOffset)) await bell.ring(leftMs)
      } finally {
        bell.end()
      }
    }
  }

  /** What is not loaded yet is waited for, as records are that have not come yet. */
  #load(leader: SharePartitionLeader): void {
    if (leader.fetchOffset !== undefined) return
    void leader.load().then((errorCode) => {
      if (!isPassing(errorCode)) this.#errors.set(leader, errorCode)
    })
  }

  async #read(): Promise<Found[]> {
    const { leaders, bytesMax } = this.#options
    const found: Found[] = []
    let bytesLeft = bytesMax
    let partitionsLeft = leaders.length
    for (const leader of leaders) {
      if (bytesLeft <= 0) break
      const read = leader.isAcquirable ? await this.#readOne(leader, Math.ceil(bytesLeft / partitionsLeft)) : undefined
      partitionsLeft -= 1
      if (read === undefined || read.sizeBytes === 0) continue
      bytesLeft -= read.sizeBytes
      found.push({ leader, read })
    }
    return found
  }

  async #readOne(leader: SharePartitionLeader, bytesMax: number): Promise<ShareRead | undefined> {
    try {
      return await leader.read(bytesMax)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      // The log begins later than a moment ago: the next reading knows.
      if (error.code !== errorCodes.OFFSET_OUT_OF_RANGE) this.#errors.set(leader, error.code)
      return undefined
    }
  }

  /** Undefined when it is worth to wait. */
  #acquire(found: readonly Found[], isLast: boolean): ShareFetched | undefined {
    const { recordsMax, bytesMin, bytesMax } = this.#options
    const fetched = new Map<SharePartitionLeader, AcquiredBatches | ErrorCode>(this.#errors)
    const bytes = found.reduce((sum, { read }) => sum + read.sizeBytes, 0)
    if (bytes < Math.min(bytesMin, bytesMax) && !isLast && fetched.size === 0) return undefined
    let recordsLeft = recordsMax
    for (const { leader, read } of found) {
      if (recordsLeft <= 0) break
      const batches = leader.acquire(read, { ...this.#options, recordsMax: recordsLeft })
      for (const records of batches.acquired) recordsLeft -= sizeOf(records)
      if (batches.acquired.length > 0) fetched.set(leader, batches)
    }
    return fetched.size > 0 || isLast ? fetched : undefined
  }
}

/** The coordinator moves or starts: consumers need not hear of it, it is tried again. */
function isPassing(errorCode: ErrorCode): boolean {
  return errorCode === errorCodes.NONE || errorCode === errorCodes.COORDINATOR_NOT_AVAILABLE
}

/** Rings once when one of the share partitions that it watches has moved. */
class Bell {
  readonly #options: { timers: TimerWheel; clock: Scheduler }
  readonly #watched: SharePartitionLeader[] = []
  #hasRung = false
  #onRing: (() => void) | undefined

  constructor(options: { timers: TimerWheel; clock: Scheduler }) {
    this.#options = options
  }

  watch(leader: SharePartitionLeader): void {
    leader.watch(this)
    this.#watched.push(leader)
  }

  wake(): void {
    this.#hasRung = true
    // All that moves in one turn of the event loop is looked at together.
    if (this.#onRing !== undefined) this.#options.clock.setImmediate(this.#onRing)
    this.#onRing = undefined
  }

  ring(timeoutMs: number): Promise<void> {
    if (this.#hasRung) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#options.timers.schedule(timeoutMs, resolve)
      this.#onRing = () => {
        timer.cancel()
        resolve()
      }
    })
  }

  end(): void {
    for (const leader of this.#watched) leader.unwatch(this)
  }
}
