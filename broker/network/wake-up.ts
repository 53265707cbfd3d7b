import { type Scheduler, systemClock } from '../clock.ts'

/** A sleep that can be cut short. One sleeper at a time. */
export class WakeUp {
  readonly #clock: Pick<Scheduler, 'setTimeout'>
  #wake: (() => void) | undefined

  constructor(clock: Pick<Scheduler, 'setTimeout'> = systemClock) {
    this.#clock = clock
  }

  /** Resolves after `delayMs`, or at the next call of `now`. */
  after(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timeout = this.#clock.setTimeout(resolve, delayMs)
      this.#wake = () => {
        timeout.close()
        resolve()
      }
    })
  }

  now(): void {
    this.#wake?.()
  }
}
