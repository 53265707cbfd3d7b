/** The page's one clock: ages everywhere move together, once a second, while anything shows an age. */
export class Ticker {
  #nowMs: number
  #timer: ReturnType<typeof setInterval> | undefined
  readonly #listeners = new Set<() => void>()

  /** Begins with the server's time, so that the first drawing in the browser equals the server's. */
  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  get nowMs(): number {
    return this.#nowMs
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#start()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) clearInterval(this.#timer)
    }
  }

  #start(): void {
    this.#timer = setInterval(() => {
      this.#nowMs = Date.now()
      for (const listener of this.#listeners) listener()
    }, 1_000)
  }
}
