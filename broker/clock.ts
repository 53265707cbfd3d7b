/** Where time comes from, so that tests can set it. */
export interface Clock {
  /** Milliseconds since 1970; may jump when the machine's clock is set. */
  nowMs(): number
  /** Milliseconds since some fixed moment; never goes back. For durations. */
  monotonicMs(): number
}

/** What `setTimeout` of a Scheduler gives; Node's own timers are that. */
export interface Timeout {
  /** It does not run any more. */
  close(): unknown
  /** It does not keep the process alive. */
  unref(): unknown
}

/** A clock that calls back. All waiting in the broker goes through one, so that a simulation decides when time passes. */
export interface Scheduler extends Clock {
  setTimeout(callback: () => void, delayMs: number): Timeout
  /** After what the present turn of the event loop has still to do. */
  setImmediate(callback: () => void): void
}

export const systemClock: Scheduler = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimeout,
  setImmediate,
}

/** Resolves when `delayMs` are over, or as soon as `signal` is aborted: the caller sees which from the signal. */
export function sleep(clock: Scheduler, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      timeout.close()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timeout = clock.setTimeout(done, delayMs)
    signal?.addEventListener('abort', done)
  })
}
