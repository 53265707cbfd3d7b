import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { findEndTransactionMarker } from '../record/control-records.ts'
import { addToSequence, noProducerId, noSequence, type RecordBatch } from '../record/record-batch.ts'

/** A producer may have this many batches under way, each of which it may send again. */
const batchesPerProducerMax = 5

export interface ProducedBatch {
  firstSequence: number
  lastSequence: number
  baseOffset: number
  lastOffset: number
  timestampMs: number
}

export interface ProducerState {
  readonly producerId: number
  epoch: number
  /** Oldest first. */
  batches: ProducedBatch[]
  lastTimestampMs: number
  coordinatorEpoch: number
  /** -1 outside a transaction. */
  currentTransactionFirstOffset: number
}

/**
 * What idempotent and transactional producers wrote to one partition last, so that a batch sent twice is stored once and
 * a missing one is noticed. It follows from the log alone: followers keep it by `update` and a restart by replaying.
 */
export class ProducerStates {
  #producers = new Map<number, ProducerState>()

  get size(): number {
    return this.#producers.size
  }

  /**
   * The stored batch that `batch` repeats, or undefined when `batch` may be appended.
   * @throws KafkaError INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER
   */
  findDuplicate(batch: RecordBatch): ProducedBatch | undefined {
    const producer = this.#producers.get(batch.producerId)
    // Unknown ones (new, expired, or their records deleted) may begin anywhere.
    if (producer === undefined) return undefined
    const epoch = batch.producerEpoch
    if (epoch < producer.epoch) {
      throw new KafkaError(
        errorCodes.INVALID_PRODUCER_EPOCH,
        `Producer ${batch.producerId} has epoch ${producer.epoch}, not ${epoch}`,
      )
    }
    const sequence = batch.baseSequence
    if (epoch > producer.epoch) return requireSequence(batch, sequence, 0)
    const lastSequence = batch.lastSequence
    for (const known of producer.batches) {
      if (known.firstSequence === sequence && known.lastSequence === lastSequence) return known
    }
    const last = producer.batches.at(-1)
    return requireSequence(batch, sequence, last === undefined ? 0 : addToSequence(last.lastSequence, 1))
  }

  /** Takes note of a batch that is now in the log, under the offsets it has there. */
  update(batch: RecordBatch): void {
    const producerId = batch.producerId
    if (producerId === noProducerId) return
    if (batch.isControl) this.#endTransaction(batch)
    else this.#addBatch(this.#producerAt(producerId, batch.producerEpoch), batch)
  }

  list(): readonly ProducerState[] {
    return [...this.#producers.values()]
  }

  restore(producers: readonly ProducerState[]): void {
    this.#producers = new Map(producers.map((producer) => [producer.producerId, producer]))
  }

  expire(nowMs: number, expirationMs: number): void {
    for (const producer of this.#producers.values()) {
      const isIdle = producer.currentTransactionFirstOffset < 0 && nowMs - producer.lastTimestampMs >= expirationMs
      if (isIdle) this.#producers.delete(producer.producerId)
    }
  }

  clear(): void {
    this.#producers.clear()
  }

  #producerAt(producerId: number, epoch: number): ProducerState {
    let producer = this.#producers.get(producerId)
    if (producer === undefined) {
      producer = {
        producerId,
        epoch,
        batches: [],
        lastTimestampMs: -1,
        coordinatorEpoch: -1,
        currentTransactionFirstOffset: -1,
      }
      this.#producers.set(producerId, producer)
    }
    if (producer.epoch !== epoch) {
      producer.epoch = epoch
      producer.batches = []
    }
    return producer
  }

  #addBatch(producer: ProducerState, batch: RecordBatch): void {
    const baseOffset = batch.baseOffset
    if (batch.baseSequence !== noSequence) {
      if (producer.batches.length === batchesPerProducerMax) producer.batches.shift()
      producer.batches.push({
        firstSequence: batch.baseSequence,
        lastSequence: batch.lastSequence,
        baseOffset,
        lastOffset: batch.lastOffset,
        timestampMs: batch.maxTimestampMs,
      })
    }
    producer.lastTimestampMs = batch.maxTimestampMs
    if (batch.isTransactional && producer.currentTransactionFirstOffset < 0) {
      producer.currentTransactionFirstOffset = baseOffset
    }
  }

  #endTransaction(batch: RecordBatch): void {
    const marker = findEndTransactionMarker(batch)
    if (marker === undefined) return
    const producer = this.#producerAt(batch.producerId, batch.producerEpoch)
    producer.coordinatorEpoch = marker.coordinatorEpoch
    producer.currentTransactionFirstOffset = -1
    producer.lastTimestampMs = batch.maxTimestampMs
  }
}

function requireSequence(batch: RecordBatch, sequence: number, expected: number): undefined {
  if (sequence === expected) return undefined
  throw new KafkaError(
    errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER,
    `Producer ${batch.producerId} sent sequence ${sequence} where ${expected} follows`,
  )
}
