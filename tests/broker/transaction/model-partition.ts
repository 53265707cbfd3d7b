import type { ProducerIdentity } from '../../../broker/transaction/transaction-state.ts'

interface ModelProducer {
  producerEpoch: number
  coordinatorEpoch: number
  /** Values of the open transaction. */
  open: number[]
  markers: number
}

/** What a partition's leader knows of transactions, with every value by its outcome. */
export class ModelPartition {
  readonly committed = new Set<number>()
  readonly aborted = new Set<number>()
  readonly #producers = new Map<number, ModelProducer>()

  get hasOpen(): boolean {
    return [...this.#producers.values()].some(({ open }) => open.length > 0)
  }

  /** Taken before the coordinator is asked, so that an end that comes in between is noticed when the value is appended. */
  guard(producerId: number): number {
    return this.#producers.get(producerId)?.markers ?? 0
  }

  append(producer: ProducerIdentity, value: number, guard: number): boolean {
    const known = this.#find(producer.producerId)
    const isOpen = known.open.length > 0 && known.producerEpoch === producer.producerEpoch
    if (producer.producerEpoch < known.producerEpoch || (!isOpen && guard !== known.markers)) return false
    known.producerEpoch = producer.producerEpoch
    known.open.push(value)
    return true
  }

  /** Whether the marker is written, or the transaction's epoch is over here. */
  end({ producerId, producerEpoch }: ProducerIdentity, isCommit: boolean, coordinatorEpoch: number): boolean {
    const known = this.#find(producerId)
    if (coordinatorEpoch < known.coordinatorEpoch) return false
    if (producerEpoch < known.producerEpoch) return true
    known.producerEpoch = producerEpoch
    known.coordinatorEpoch = coordinatorEpoch
    known.markers += 1
    for (const value of known.open.splice(0)) (isCommit ? this.committed : this.aborted).add(value)
    return true
  }

  #find(producerId: number): ModelProducer {
    const known = this.#producers.get(producerId)
    if (known !== undefined) return known
    const created = { producerEpoch: -1, coordinatorEpoch: -1, open: [], markers: 0 }
    this.#producers.set(producerId, created)
    return created
  }
}
