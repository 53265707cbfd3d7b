/** Wakes the one loop that waits for it, also when it was not waiting at that moment. */
export class Signal {
  #isRaised = false
  #resolve: (() => void) | undefined

  raise(): void {
    this.#isRaised = true
    this.#resolve?.()
  }

  async next(): Promise<void> {
    if (!this.#isRaised) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve
      })
    }
    this.#isRaised = false
    this.#resolve = undefined
  }
}
