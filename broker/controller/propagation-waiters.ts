import type { Scheduler, Timeout } from '../clock.ts'

interface Waiter {
  readonly offset: number
  readonly resolve: () => void
  readonly timeout: Timeout
}

/** Who waits until all active brokers have read the metadata log up to some offset. */
export class PropagationWaiters {
  readonly #clock: Scheduler
  #waiters: Waiter[] = []

  constructor(clock: Scheduler) {
    this.#clock = clock
  }

  /** Resolves when `check` was told of `offset`, or when `timeoutMs` has passed. */
  wait(offset: number, knownToAllOffset: number, timeoutMs: number): Promise<void> {
    if (knownToAllOffset >= offset) return Promise.resolve()
    return new Promise((resolve) => {
      const timeout = this.#clock.setTimeout(() => {
        this.#waiters = this.#waiters.filter((waiter) => waiter.timeout !== timeout)
        resolve()
      }, timeoutMs)
      this.#waiters.push({ offset, resolve, timeout })
    })
  }

  check(knownToAllOffset: number): void {
    const [reached, waiting] = [
      this.#waiters.filter(({ offset }) => offset <= knownToAllOffset),
      this.#waiters.filter(({ offset }) => offset > knownToAllOffset),
    ]
    this.#waiters = waiting
    for (const { resolve, timeout } of reached) {
      timeout.close()
      resolve()
    }
  }
}
