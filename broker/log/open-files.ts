export interface Closable {
  /** Gives the descriptor back if nobody is using it; false when somebody is. */
  closeIfIdle(): boolean
}

/**
 * Bounds the descriptors held by idle files of one process: 10,000 partitions fit under any `ulimit -n`. The file that
 * was used longest ago loses its descriptor first.
 */
export class OpenFiles {
  readonly #max: number
  /** In the order of their last use. */
  readonly #files = new Set<Closable>()

  constructor(max: number) {
    this.#max = max
  }

  /** Called when a file is opened or used. */
  use(file: Closable): void {
    this.#files.delete(file)
    this.#files.add(file)
    if (this.#files.size > this.#max) this.#closeOldest()
  }

  forget(file: Closable): void {
    this.#files.delete(file)
  }

  #closeOldest(): void {
    for (const file of this.#files) {
      if (!file.closeIfIdle()) continue
      this.#files.delete(file)
      return
    }
  }
}
