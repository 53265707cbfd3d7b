import { type Scheduler, sleep } from '../../clock.ts'

/** How long the event loop is kept at a time: clients wait for no longer. */
const sliceMs = 3

/**
 * Cuts a long computation into slices between which the event loop gets its turn, and keeps reading and writing below a
 * rate. Ask `isDue` every now and then and `rest` when it is.
 */
export class Pace {
  readonly #clock: Scheduler
  readonly #bytesPerSecond: () => number
  readonly #signal: AbortSignal
  #sliceEndsAtMs: number
  /** When the bytes so far may have been moved, at the rate. */
  #paidUntilMs: number

  constructor(options: {
    clock: Scheduler
    bytesPerSecond: () => number
    /** Once it is aborted `rest` rejects, which ends the work. */
    signal: AbortSignal
  }) {
    this.#clock = options.clock
    this.#bytesPerSecond = options.bytesPerSecond
    this.#signal = options.signal
    this.#paidUntilMs = options.clock.monotonicMs()
    this.#sliceEndsAtMs = this.#paidUntilMs + sliceMs
  }

  get isDue(): boolean {
    return this.#clock.monotonicMs() >= this.#sliceEndsAtMs
  }

  async rest(): Promise<void> {
    const aheadMs = this.#paidUntilMs - this.#clock.monotonicMs()
    if (aheadMs >= 1) await sleep(this.#clock, aheadMs, this.#signal)
    else await new Promise<void>((resolve) => this.#clock.setImmediate(resolve))
    this.#signal.throwIfAborted()
    this.#sliceEndsAtMs = this.#clock.monotonicMs() + sliceMs
  }

  /** Accounts for bytes read or written, and rests when that was too fast. */
  async move(bytes: number): Promise<void> {
    const nowMs = this.#clock.monotonicMs()
    this.#paidUntilMs = Math.max(this.#paidUntilMs, nowMs) + (bytes / this.#bytesPerSecond()) * 1000
    if (this.#paidUntilMs - nowMs >= 1 || this.isDue) await this.rest()
  }
}
