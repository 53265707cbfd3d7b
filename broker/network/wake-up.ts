/** A sleep that can be cut short. One sleeper at a time. */
export class WakeUp {
  #wake: (() => void) | undefined

  /** Resolves after `delayMs`, or at the next call of `now`. */
  after(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timeout = setTimeout(resolve, delayMs)
      this.#wake = () => {
        clearTimeout(timeout)
        resolve()
      }
    })
  }

  now(): void {
    this.#wake?.()
  }
}
