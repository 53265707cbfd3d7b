import assert from 'node:assert'
import { type DeliveryState, isTerminal, type StateBatch } from './delivery-state.ts'

/** Records in a row of which the same is known. */
export interface RecordSpan {
  firstOffset: number
  lastOffset: number
  state: DeliveryState
  deliveryCount: number
  /** Who has acquired the records; empty otherwise. */
  memberId: string
  /** When the lock of acquired records ends, on the monotonic clock. */
  lockedUntilMs: number
  /** What the records turn into once that is written. Until then nobody else touches them. */
  pending: PendingChange | undefined
}

export interface PendingChange {
  readonly change: number
  readonly state: DeliveryState
}

/**
 * What is known of the records from `startOffset` up to `endOffset` (not included), without holes. Everything before has
 * been dealt with, everything after was not looked at yet.
 */
export class RecordSpans {
  readonly #spans: RecordSpan[] = []
  #startOffset: number
  #endOffset: number

  constructor(startOffset: number) {
    this.#startOffset = startOffset
    this.#endOffset = startOffset
  }

  get startOffset(): number {
    return this.#startOffset
  }

  get endOffset(): number {
    return this.#endOffset
  }

  get count(): number {
    return this.#endOffset - this.#startOffset
  }

  [Symbol.iterator](): Iterator<RecordSpan> {
    return this.#spans.values()
  }

  /** Takes records at the end. */
  append(lastOffset: number, state: DeliveryState, deliveryCount = 0): void {
    assert(lastOffset >= this.#endOffset, `Records up to ${lastOffset} are known already`)
    const firstOffset = this.#endOffset
    this.#spans.push({ firstOffset, lastOffset, state, deliveryCount, ...unlocked })
    this.#endOffset = lastOffset + 1
  }

  /** The spans of exactly these offsets, cut out of longer ones where need be. Offsets that are not here are left out. */
  slice(firstOffset: number, lastOffset: number): readonly RecordSpan[] {
    if (lastOffset < this.#startOffset || firstOffset >= this.#endOffset) return []
    const from = this.#cutAt(Math.max(firstOffset, this.#startOffset))
    const to = this.#cutAt(Math.min(lastOffset + 1, this.#endOffset))
    return this.#spans.slice(from, to)
  }

  find(offset: number): RecordSpan | undefined {
    return this.#spans[this.#indexOf(offset)]
  }

  /** Drops what is before the offset, whatever its state. */
  dropBefore(offset: number): void {
    if (offset <= this.#startOffset) return
    const dropped = offset >= this.#endOffset ? this.#spans.length : this.#cutAt(offset)
    this.#spans.splice(0, dropped)
    this.#startOffset = offset
    this.#endOffset = Math.max(this.#endOffset, offset)
  }

  /** Moves the start behind the records that will not be delivered again, and joins neighbours that do not differ. */
  tidy(): void {
    let done = 0
    for (const { state, lastOffset } of this.#spans) {
      if (!isTerminal(state)) break
      this.#startOffset = lastOffset + 1
      done += 1
    }
    this.#spans.splice(0, done)
    let kept = 0
    for (const span of this.#spans) {
      const previous = this.#spans[kept - 1]
      if (previous !== undefined && isAlike(previous, span)) previous.lastOffset = span.lastOffset
      else this.#spans[kept++] = span
    }
    this.#spans.length = kept
  }

  /** Makes a span begin at the offset; answers where in the list. */
  #cutAt(offset: number): number {
    if (offset >= this.#endOffset) return this.#spans.length
    const at = this.#indexOf(offset)
    const span = this.#spans[at]
    if (span === undefined || span.firstOffset === offset) return at
    this.#spans.splice(at + 1, 0, { ...span, firstOffset: offset })
    span.lastOffset = offset - 1
    return at + 1
  }

  #indexOf(offset: number): number {
    let low = 0
    let high = this.#spans.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#spans[middle]?.lastOffset ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

export const unlocked = { memberId: '', lockedUntilMs: Number.POSITIVE_INFINITY, pending: undefined } as const

export function sizeOf({ firstOffset, lastOffset }: { firstOffset: number; lastOffset: number }): number {
  return lastOffset - firstOffset + 1
}

export function stateBatchOf({ firstOffset, lastOffset, state, deliveryCount }: RecordSpan): StateBatch {
  return { firstOffset, lastOffset, deliveryState: state, deliveryCount }
}

function isAlike(a: RecordSpan, b: RecordSpan): boolean {
  return (
    a.state === b.state &&
    a.memberId === b.memberId &&
    a.lockedUntilMs === b.lockedUntilMs &&
    a.pending === b.pending &&
    // How often a record was delivered no longer matters once it is done with.
    (a.deliveryCount === b.deliveryCount || isTerminal(a.state))
  )
}
