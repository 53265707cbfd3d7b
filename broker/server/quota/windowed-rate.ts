/** How Kafka averages: `quota.window.num` windows of `quota.window.size.seconds`, the last of them under way. */
export interface QuotaWindows {
  readonly count: number
  readonly sizeMs: number
}

interface Window {
  startMs: number
  amount: number
}

/** An amount a second over the last windows. A newcomer counts as having been idle before, so that it may begin with a burst. */
export class WindowedRate {
  readonly #windows: QuotaWindows
  /** Oldest first. */
  readonly #samples: Window[] = []

  constructor(windows: QuotaWindows) {
    this.#windows = windows
  }

  /** A negative amount takes back what was recorded before. */
  record(amount: number, nowMs: number): void {
    const last = this.#samples.at(-1)
    if (last !== undefined && nowMs - last.startMs < this.#windows.sizeMs) last.amount += amount
    else this.#samples.push({ startMs: nowMs, amount })
  }

  perSecond(nowMs: number): number {
    const { count, sizeMs } = this.#windows
    while (this.#samples[0] !== undefined && nowMs - this.#samples[0].startMs >= count * sizeMs) this.#samples.shift()
    const total = this.#samples.reduce((sum, { amount }) => sum + amount, 0)
    return total / (this.spanMs(nowMs) / 1_000)
  }

  /** The time that is averaged over. */
  spanMs(nowMs: number): number {
    const { count, sizeMs } = this.#windows
    const elapsedMs = nowMs - (this.#samples[0]?.startMs ?? nowMs)
    const missing = Math.max(count - 1 - Math.floor(elapsedMs / sizeMs), 0)
    return Math.max(elapsedMs + missing * sizeMs, 1)
  }

  isIdle(nowMs: number): boolean {
    return this.perSecond(nowMs) === 0
  }
}
