/** One whose marker is in the log. */
interface CompletedTransaction {
  readonly firstOffset: number
  /** The marker's own. */
  readonly lastOffset: number
}

/**
 * The transactions of one log that hold back readers of committed records: those without a marker, and those whose marker
 * the high watermark has not passed, since a new leader might lack it.
 */
export class OpenTransactions {
  /** The producer by its transaction's first offset: entered in the log's order, so the oldest comes first. */
  #ongoing: Map<number, number> | undefined
  /** In the order of their markers. */
  #unreplicated: CompletedTransaction[] = []

  begin(firstOffset: number, producerId: number): void {
    this.#ongoing ??= new Map()
    this.#ongoing.set(firstOffset, producerId)
  }

  /** @returns where readers of committed records could go on to, were the marker replicated. */
  complete(firstOffset: number, lastOffset: number): number {
    this.#ongoing?.delete(firstOffset)
    this.#unreplicated.push({ firstOffset, lastOffset })
    return this.#firstOngoing() ?? lastOffset + 1
  }

  noteHighWatermark(highWatermark: number): void {
    const unreplicated = this.#unreplicated
    let replicated = 0
    while ((unreplicated[replicated]?.lastOffset ?? highWatermark) < highWatermark) replicated += 1
    if (replicated > 0) unreplicated.splice(0, replicated)
  }

  /** Undefined when no transaction holds anybody back. */
  get firstUnstableOffset(): number | undefined {
    let first = this.#firstOngoing()
    for (const { firstOffset } of this.#unreplicated)
      if (first === undefined || firstOffset < first) first = firstOffset
    return first
  }

  clear(): void {
    this.#ongoing = undefined
    this.#unreplicated = []
  }

  #firstOngoing(): number | undefined {
    for (const firstOffset of this.#ongoing?.keys() ?? []) return firstOffset
    return undefined
  }
}
