import type { TopicPartitions } from './topic-partitions.ts'
import { eachPartition } from './topic-partitions.ts'
import { hasEpochPerTransaction, type TransactionState } from './transaction-state.ts'

/** Who wants a transaction's partitions to hear how it ended. */
export interface MarkersOwner {
  /** The term of the coordinator, which partitions check. */
  readonly coordinatorEpoch: () => number
  /** False once another broker coordinates the transaction: what is not sent yet is left to that one. */
  readonly isWanted: () => boolean
  /** Every partition has its marker. */
  readonly onDone: () => void
}

/** One transaction's markers: which partitions still lack theirs. */
export class TransactionMarkers {
  readonly state: TransactionState
  readonly owner: MarkersOwner
  readonly #missing = new Map<string, Set<number>>()
  #isDone = false

  constructor(state: TransactionState, owner: MarkersOwner) {
    this.state = state
    this.owner = owner
    for (const [topic, partitions] of state.partitions) this.#missing.set(topic, new Set(partitions))
  }

  get missing(): TopicPartitions {
    return this.#missing
  }

  get isWanted(): boolean {
    return !this.#isDone && this.owner.isWanted()
  }

  get isCommit(): boolean {
    return this.state.status === 'PrepareCommit'
  }

  /** Partitions check the epoch more strictly where every transaction has its own. */
  get transactionVersion(): number {
    return hasEpochPerTransaction(this.state.clientVersion) ? 2 : 0
  }

  /** The partition has its marker, or needs none. */
  settle(topic: string, partition: number): void {
    const partitions = this.#missing.get(topic)
    partitions?.delete(partition)
    if (partitions?.size === 0) this.#missing.delete(topic)
  }

  finishIfSettled(): void {
    if (this.#missing.size > 0 || !this.isWanted) return
    this.#isDone = true
    this.owner.onDone()
  }

  *[Symbol.iterator](): Generator<readonly [string, number], void, undefined> {
    yield* eachPartition(this.#missing)
  }
}
