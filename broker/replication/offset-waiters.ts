import { type ErrorCode, KafkaError } from '../protocol/errors.ts'
import type { TimerHandle, TimerWheel } from '../timer-wheel.ts'

interface Waiter {
  readonly offset: number
  readonly resolve: (isReached: boolean) => void
  readonly reject: (error: Error) => void
  timer: TimerHandle | undefined
}

/** Requests that wait until a partition's offset (high watermark, low watermark) has moved far enough. */
export class OffsetWaiters {
  readonly #timers: TimerWheel
  /** By offset, smallest first. Offsets mostly arrive in that order. */
  readonly #waiters: Waiter[] = []

  constructor(timers: TimerWheel) {
    this.#timers = timers
  }

  /** Resolves with true when `advance` reaches the offset, with false after `timeoutMs`; rejects with KafkaError. */
  wait(offset: number, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { offset, resolve, reject, timer: undefined }
      waiter.timer = this.#timers.schedule(timeoutMs, () => this.#expire(waiter))
      let at = this.#waiters.length
      while (at > 0 && (this.#waiters[at - 1]?.offset ?? 0) > offset) at--
      if (at === this.#waiters.length) this.#waiters.push(waiter)
      else this.#waiters.splice(at, 0, waiter)
    })
  }

  advance(offset: number): void {
    const waiters = this.#waiters
    let reached = 0
    for (const waiter of waiters) {
      if (waiter.offset > offset) break
      reached += 1
    }
    if (reached === 0) return
    for (const waiter of waiters.splice(0, reached)) {
      waiter.timer?.cancel()
      waiter.resolve(true)
    }
  }

  fail(errorCode: ErrorCode): void {
    for (const waiter of this.#waiters.splice(0)) {
      waiter.timer?.cancel()
      waiter.reject(new KafkaError(errorCode))
    }
  }

  #expire(waiter: Waiter): void {
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1)
    waiter.resolve(false)
  }
}
