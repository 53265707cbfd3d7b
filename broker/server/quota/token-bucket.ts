import type { QuotaWindows } from './windowed-rate.ts'

/** What may be done at once, refilled at a rate (KIP-599). It may be overdrawn by one act, and then has to be waited for. */
export class TokenBucket {
  readonly #burstSeconds: number
  #tokens: number | undefined
  #filledAtMs = 0

  constructor({ count, sizeMs }: QuotaWindows) {
    this.#burstSeconds = (count * sizeMs) / 1_000
  }

  /** How long until it is not overdrawn any more. */
  waitMs(perSecond: number, nowMs: number): number {
    const tokens = this.#fill(perSecond, nowMs)
    return tokens < 0 ? Math.ceil((-tokens / perSecond) * 1_000) : 0
  }

  take(amount: number, perSecond: number, nowMs: number): void {
    this.#tokens = this.#fill(perSecond, nowMs) - amount
  }

  isFull(perSecond: number, nowMs: number): boolean {
    return this.#fill(perSecond, nowMs) >= perSecond * this.#burstSeconds
  }

  #fill(perSecond: number, nowMs: number): number {
    const burst = perSecond * this.#burstSeconds
    const refilled = (this.#tokens ?? burst) + (perSecond * Math.max(nowMs - this.#filledAtMs, 0)) / 1_000
    this.#tokens = Math.min(refilled, burst)
    this.#filledAtMs = nowMs
    return this.#tokens
  }
}
