import type { RecordBatch } from '../record/record-batch.ts'

/** Given out while a coordinator is asked; what it was asked for may be appended only under the same one (KIP-890). */
export interface Verification {
  readonly beganAtMs: number
  /** Whether the producer's epoch grows with each transaction, so that an unknown producer begins with sequence 0. */
  readonly bumpsEpoch: boolean
  epoch: number
  /** The first batch of the transaction cannot come after one that was seen with this sequence. */
  lowestSequence: number
}

/**
 * Producers of which a first transactional batch has come, but is not in the log yet. A marker ends the verification: an
 * answer that arrives after it belongs to a transaction that is over.
 */
export class TransactionVerifications {
  #byProducer: Map<number, Verification> | undefined

  begin(batch: {
    producerId: number
    epoch: number
    sequence: number
    bumpsEpoch: boolean
    nowMs: number
  }): Verification {
    const known = this.#byProducer?.get(batch.producerId)
    if (known === undefined) {
      const { epoch, sequence, bumpsEpoch, nowMs } = batch
      const verification: Verification = { beganAtMs: nowMs, bumpsEpoch, epoch, lowestSequence: sequence }
      this.#byProducer ??= new Map()
      this.#byProducer.set(batch.producerId, verification)
      return verification
    }
    const isNewer = batch.epoch > known.epoch
    if (isNewer || (batch.epoch === known.epoch && batch.sequence < known.lowestSequence)) {
      known.epoch = batch.epoch
      known.lowestSequence = batch.sequence
    }
    return known
  }

  find(producerId: number): Verification | undefined {
    return this.#byProducer?.get(producerId)
  }

  /** What the transactional batch, which is now in the log, leaves nothing to verify for. */
  end({ producerId, producerEpoch, isControl }: RecordBatch): void {
    const known = this.#byProducer?.get(producerId)
    // With an epoch for each transaction its marker has a later one: one of this epoch is that of the transaction before,
    // which coordinators send again after a failover.
    if (isControl && known?.bumpsEpoch && producerEpoch <= known.epoch) return
    this.#byProducer?.delete(producerId)
  }

  expire(beforeMs: number): void {
    for (const [producerId, { beganAtMs }] of this.#byProducer ?? []) {
      if (beganAtMs <= beforeMs) this.#byProducer?.delete(producerId)
    }
  }
}
