import type { PartitionLog } from '../log/partition-log.ts'
import type { ErrorCode } from '../protocol/errors.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import { OffsetWaiters } from './offset-waiters.ts'
import { Watchers } from './watchers.ts'

/** How far all replicas that count have a partition, and who waits for it to move on. */
export class HighWatermark {
  readonly #log: PartitionLog
  /** Who waits for it to reach an offset. */
  readonly #waiters: OffsetWaiters
  /** Who reads up to it. */
  readonly readers = new Watchers()
  #offset: number

  constructor(log: PartitionLog, timers: TimerWheel, offset: number) {
    this.#log = log
    this.#waiters = new OffsetWaiters(timers)
    this.#offset = offset
    log.noteHighWatermark(offset)
  }

  get offset(): number {
    return this.#offset
  }

  /** Resolves with true when it is reached, with false after `timeoutMs`; rejects with KafkaError. */
  wait(offset: number, timeoutMs: number): Promise<boolean> {
    return this.#waiters.wait(offset, timeoutMs)
  }

  /** Whoever waits is told; so are readers. */
  advance(offset: number): void {
    this.set(offset)
    this.#waiters.advance(offset)
    this.readers.wake()
  }

  /** Nobody is told. */
  set(offset: number): void {
    this.#offset = offset
    this.#log.noteHighWatermark(offset)
  }

  /** Ends all waits for offsets. */
  fail(errorCode: ErrorCode): void {
    this.#waiters.fail(errorCode)
    this.readers.wake()
  }
}
