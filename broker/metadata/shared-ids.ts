/** Far more than replicas of one cluster are placed in different ways. */
const listsMax = 10_000

/**
 * One list for all partitions that have the same broker ids in the same order: 10,000 partitions have six lists each, and of
 * those only a handful differ.
 */
export class SharedIds {
  readonly #lists = new Map<string, readonly number[]>()

  share(ids: readonly number[]): readonly number[] {
    const key = ids.join()
    const known = this.#lists.get(key)
    if (known !== undefined) return known
    if (this.#lists.size >= listsMax) this.#lists.clear()
    // A copy has room for what it holds alone; one that grew while it was decoded has room for more.
    const shared = Object.freeze(ids.slice())
    this.#lists.set(key, shared)
    return shared
  }
}
