import type { EndTransactionMarker } from '../../record/control-records.ts'
import type { RecordBatch } from '../../record/record-batch.ts'
import type { AbortedTransaction } from '../transaction-index.ts'

/**
 * Tells, batch by batch in the order of the log, what was aborted and which markers have outlived their transaction's
 * records (CleanedTransactionMetadata in Apache Kafka). One for each walk through a log.
 */
export class TransactionOutcomes {
  /** Ascending by first offset. */
  readonly #aborted: AbortedTransaction[]
  #next = 0
  readonly #ongoingAborted = new Map<number, { transaction: AbortedTransaction; hasBatches: boolean }>()
  readonly #ongoingCommitted = new Set<number>()
  /** Aborted transactions of which batches are left: the new segment's index names them. */
  #left: AbortedTransaction[] = []

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#aborted = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  }

  /** Whether the batch belongs to an aborted transaction. */
  isAborted(batch: RecordBatch): boolean {
    this.#beginUpTo(batch.lastOffset)
    if (!batch.isTransactional) return false
    const ongoing = this.#ongoingAborted.get(batch.producerId)
    if (ongoing === undefined) {
      this.#ongoingCommitted.add(batch.producerId)
      return false
    }
    ongoing.hasBatches = true
    return true
  }

  /** Whether no batch of the marker's transaction came by. Markers of other kinds are never in vain. */
  isMarkerInVain(batch: RecordBatch, marker: EndTransactionMarker | undefined): boolean {
    this.#beginUpTo(batch.lastOffset)
    if (marker === undefined) return false
    if (marker.isCommit) return !this.#ongoingCommitted.delete(batch.producerId)
    const ongoing = this.#ongoingAborted.get(batch.producerId)
    this.#ongoingAborted.delete(batch.producerId)
    if (ongoing?.hasBatches !== true) return true
    this.#left.push(ongoing.transaction)
    return false
  }

  /** Those whose marker came by since the last call. */
  takeLeft(): AbortedTransaction[] {
    const left = this.#left
    this.#left = []
    return left
  }

  #beginUpTo(offset: number): void {
    for (let next = this.#aborted[this.#next]; next !== undefined; next = this.#aborted[++this.#next]) {
      if (next.firstOffset > offset) return
      if (!this.#ongoingAborted.has(next.producerId)) {
        this.#ongoingAborted.set(next.producerId, { transaction: next, hasBatches: false })
      }
    }
  }
}
