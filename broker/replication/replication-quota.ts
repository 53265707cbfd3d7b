/** A pause that was used this much less may be used this much more afterwards. */
const burstMs = 1_000

/**
 * How many bytes a second a broker copies of throttled replicas, in one direction. What is copied is paid for in time:
 * while it is not paid, throttled replicas wait. A single fetch may so exceed the rate; the wait that follows makes up
 * for it. Times are of the monotonic clock.
 */
export class ReplicationQuota {
  #bytesPerSecond = Number.POSITIVE_INFINITY
  #paidAtMs = Number.NEGATIVE_INFINITY

  /** What was copied at the old rate is not counted at the new one. */
  set bytesPerSecond(rate: number) {
    if (rate === this.#bytesPerSecond) return
    this.#bytesPerSecond = rate
    this.#paidAtMs = Number.NEGATIVE_INFINITY
  }

  /** How long throttled replicas wait from now; 0 when they need not. */
  delayMs(nowMs: number): number {
    return Math.max(this.#paidAtMs - nowMs, 0)
  }

  record(bytes: number, nowMs: number): void {
    this.#paidAtMs = Math.max(this.#paidAtMs, nowMs - burstMs) + (bytes / this.#bytesPerSecond) * 1_000
  }
}
