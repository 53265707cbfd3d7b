const observationsMax = 7
const fields = 3

/** What the last seven ticks showed of one group's position in one partition. */
export interface PositionTrend {
  readonly consumedPerSecond: number | null
  /** Lag now minus lag at the window's start. */
  readonly lagChange: number
  readonly hadZeroLag: boolean
  readonly isComplete: boolean
}

/**
 * A ring of (time, committed offset, lag). Consumers commit every few seconds, often as rarely as we look, so one tick
 * alone would show a rate that jumps between none and double.
 */
export class PositionWindow {
  /** A plain array: typed ones of this size keep their bytes elsewhere, which costs twice as much again for each. */
  readonly #ring = new Array<number>(observationsMax * fields).fill(0)
  #length = 0
  #next = 0

  observe(atMs: number, committedOffset: number, lag: number): void {
    // A position that was set back starts over: the difference says nothing about speed.
    if (this.#length > 0 && committedOffset < this.#get(this.#length - 1, 1)) this.#length = 0
    const slot = this.#next * fields
    this.#ring[slot] = atMs
    this.#ring[slot + 1] = committedOffset
    this.#ring[slot + 2] = lag
    this.#next = (this.#next + 1) % observationsMax
    this.#length = Math.min(this.#length + 1, observationsMax)
  }

  trend(): PositionTrend {
    const last = this.#length - 1
    if (last < 1) {
      return {
        consumedPerSecond: null,
        lagChange: 0,
        hadZeroLag: last === 0 && this.#get(0, 2) === 0,
        isComplete: false,
      }
    }
    const elapsedMs = this.#get(last, 0) - this.#get(0, 0)
    let hadZeroLag = false
    for (let i = 0; i <= last; i++) if (this.#get(i, 2) === 0) hadZeroLag = true
    return {
      consumedPerSecond: elapsedMs > 0 ? ((this.#get(last, 1) - this.#get(0, 1)) * 1000) / elapsedMs : null,
      lagChange: this.#get(last, 2) - this.#get(0, 2),
      hadZeroLag,
      isComplete: this.#length === observationsMax,
    }
  }

  /** Field of the observation that is `index`th from the oldest. */
  #get(index: number, field: number): number {
    const slot = (this.#next - this.#length + index + 2 * observationsMax) % observationsMax
    return this.#ring[slot * fields + field] ?? 0
  }
}
