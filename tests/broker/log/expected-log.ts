import { addToSequence } from '../../../broker/record/record-batch.ts'

/** A batch as the test wrote it. Batches of producers without an id have -1. */
export interface WrittenBatch {
  readonly baseOffset: number
  readonly nextOffset: number
  readonly leaderEpoch: number
  readonly timestampMs: number
  readonly bytes: Buffer
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
  /** The end of a transaction. */
  readonly marker?: { readonly isCommit: boolean; readonly coordinatorEpoch: number }
}

export interface ExpectedProducer {
  epoch: number
  /** -1 when there is none in this epoch. */
  lastSequence: number
  /** Of the last batch, marker or data. */
  lastBaseOffset: number
  transactionFirstOffset: number
}

/** What a log must know whose batches are these: worked out the long way, with nothing of the broker's. */
export class ExpectedLog {
  readonly producers = new Map<number, ExpectedProducer>()
  readonly aborted: { producerId: number; firstOffset: number; lastOffset: number }[] = []
  readonly epochStarts = new Map<number, number>()

  constructor(batches: readonly WrittenBatch[]) {
    for (const batch of batches) this.#add(batch)
  }

  firstOpenOffset(endOffset: number): number {
    const open = [...this.producers.values()].map((producer) => producer.transactionFirstOffset)
    return Math.min(endOffset, ...open.filter((offset) => offset >= 0))
  }

  nextSequence(producerId: number, epoch: number): number {
    const producer = this.producers.get(producerId)
    if (producer === undefined || producer.epoch !== epoch || producer.lastSequence < 0) return 0
    return addToSequence(producer.lastSequence, 1)
  }

  #add(batch: WrittenBatch): void {
    if (!this.epochStarts.has(batch.leaderEpoch)) this.epochStarts.set(batch.leaderEpoch, batch.baseOffset)
    const { producerId, producerEpoch, baseOffset } = batch
    if (producerId < 0) return
    const before = this.producers.get(producerId)
    const isSameEpoch = before?.epoch === producerEpoch
    const transactionFirstOffset = before?.transactionFirstOffset ?? -1
    const lastSequence = isSameEpoch ? before.lastSequence : -1
    const producer = { epoch: producerEpoch, lastSequence, lastBaseOffset: baseOffset, transactionFirstOffset }
    if (batch.marker === undefined) {
      producer.lastSequence = addToSequence(batch.baseSequence, batch.nextOffset - baseOffset - 1)
      if (batch.isTransactional && transactionFirstOffset < 0) producer.transactionFirstOffset = baseOffset
    } else {
      producer.transactionFirstOffset = -1
      if (transactionFirstOffset >= 0 && !batch.marker.isCommit) {
        this.aborted.push({ producerId, firstOffset: transactionFirstOffset, lastOffset: baseOffset })
      }
    }
    this.producers.set(producerId, producer)
  }
}
