/** Which families of requests are due, each at its own interval. All are due at first. */
export class Cadence<Family extends string> {
  readonly #lastMs = new Map<Family, number>()

  /** True when the family is due, which counts as done. A tick a little early is not put off by a whole one. */
  take(family: Family, intervalMs: number, nowMs: number): boolean {
    const lastMs = this.#lastMs.get(family)
    if (lastMs !== undefined && nowMs - lastMs < intervalMs * 0.95) return false
    this.#lastMs.set(family, nowMs)
    return true
  }
}
