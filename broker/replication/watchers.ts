/** A parked request that looks again when a partition has something new. */
export interface Watcher {
  wake(): void
}

/** Who watches a partition. It costs next to nothing while nobody has: most of 10,000 partitions are never read. */
export class Watchers {
  #watchers: Set<Watcher> | undefined

  add(watcher: Watcher): void {
    this.#watchers ??= new Set()
    this.#watchers.add(watcher)
  }

  delete(watcher: Watcher): void {
    this.#watchers?.delete(watcher)
  }

  wake(): void {
    if (this.#watchers === undefined) return
    for (const watcher of this.#watchers) watcher.wake()
  }
}
