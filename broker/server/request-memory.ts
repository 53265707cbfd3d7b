/**
 * The bytes of requests that a broker holds, those that are half read among them: `queued.max.request.bytes`. Above the
 * bound no connection begins another request; those that are under way are finished, since only that gives bytes back.
 */
export class RequestMemory {
  readonly #bytesMax: number
  readonly #waiting = new Set<() => void>()
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get isFull(): boolean {
    return this.#bytes >= this.#bytesMax
  }

  add(bytes: number): void {
    this.#bytes += bytes
    if (bytes >= 0 || this.isFull || this.#waiting.size === 0) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const resume of waiting) resume()
  }

  /** Calls back, once, when there is room. */
  whenRoom(resume: () => void): void {
    this.#waiting.add(resume)
  }

  forget(resume: () => void): void {
    this.#waiting.delete(resume)
  }
}
