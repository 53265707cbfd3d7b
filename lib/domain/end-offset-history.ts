const pointsFirst = 16
const pointsMax = 128

/**
 * When a partition's end offset was where: what turns a committed offset into an age. A plateau keeps its two ends. A
 * full history forgets every second point of its older half, so it reaches far back in little memory (2 KiB a
 * partition) and is exact where it is recent.
 */
export class EndOffsetHistory {
  #offsets = new Float64Array(pointsFirst)
  #times = new Float64Array(pointsFirst)
  #length = 0

  record(endOffset: number, atMs: number): void {
    const last = this.#length - 1
    if (last >= 0 && atMs <= this.#at(this.#times, last)) return
    if (last >= 0 && endOffset < this.#at(this.#offsets, last)) {
      // Recreated or truncated: offsets start over, and so does what we know of them.
      this.#length = 0
    } else if (
      last >= 1 &&
      endOffset === this.#at(this.#offsets, last) &&
      endOffset === this.#at(this.#offsets, last - 1)
    ) {
      this.#times[last] = atMs
      return
    }
    if (this.#length === this.#offsets.length) this.#makeRoom()
    this.#offsets[this.#length] = endOffset
    this.#times[this.#length] = atMs
    this.#length++
  }

  /**
   * How long ago the record at `offset` was written; 0 when it is not written yet. A lower bound when it is older than
   * what we saw. `null` while nothing was seen.
   */
  ageOf(offset: number, nowMs: number): { ageMs: number; isLowerBound: boolean } | null {
    if (this.#length === 0) return null
    const last = this.#length - 1
    if (offset >= this.#at(this.#offsets, last)) return { ageMs: 0, isLowerBound: false }
    if (offset < this.#at(this.#offsets, 0)) {
      return { ageMs: Math.max(0, nowMs - this.#at(this.#times, 0)), isLowerBound: true }
    }
    const right = this.#firstAbove(offset)
    const leftOffset = this.#at(this.#offsets, right - 1)
    const leftTime = this.#at(this.#times, right - 1)
    const share = (offset - leftOffset) / (this.#at(this.#offsets, right) - leftOffset)
    const writtenAtMs = leftTime + share * (this.#at(this.#times, right) - leftTime)
    return { ageMs: Math.max(0, nowMs - writtenAtMs), isLowerBound: false }
  }

  /** The first point whose end offset is above `offset`; there is one, and one at or below stands before it. */
  #firstAbove(offset: number): number {
    let low = 0
    let high = this.#length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#at(this.#offsets, middle) > offset) high = middle
      else low = middle + 1
    }
    return low
  }

  #at(values: Float64Array, index: number): number {
    return values[index] ?? 0
  }

  #makeRoom(): void {
    if (this.#offsets.length < pointsMax) {
      this.#offsets = grown(this.#offsets)
      this.#times = grown(this.#times)
      return
    }
    const half = pointsMax / 2
    let kept = 0
    for (let i = 0; i < this.#length; i++) {
      if (i > 0 && i < half && i % 2 === 1) continue
      this.#offsets[kept] = this.#at(this.#offsets, i)
      this.#times[kept] = this.#at(this.#times, i)
      kept++
    }
    this.#length = kept
  }
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(values.length * 2)
  copy.set(values)
  return copy
}
