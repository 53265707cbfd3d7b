import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { findEndTransactionMarker } from '../record/control-records.ts'
import { addToSequence, noProducerId, noSequence, type RecordBatch } from '../record/record-batch.ts'
import { OpenTransactions } from './open-transactions.ts'
import type { AbortedTransaction } from './transaction-index.ts'
import { TransactionVerifications, type Verification } from './transaction-verifications.ts'

/** A producer may have this many batches under way, each of which it may send again. */
const batchesPerProducerMax = 5
/** From this transaction.version on each transaction has an epoch of its own (KIP-890). */
const firstVersionThatBumpsEpoch = 2

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

/** What a coordinator asks the leaders of a transaction's partitions to write. */
export interface EndTransaction {
  readonly producerId: number
  readonly producerEpoch: number
  readonly isCommit: boolean
  readonly coordinatorEpoch: number
  /** The transaction.version under which the transaction was run. */
  readonly transactionVersion: number
}

/**
 * What idempotent and transactional producers wrote to one partition last, so that a batch sent twice is stored once, a
 * missing one is noticed, and nobody writes outside a transaction that its coordinator knows of. It follows from the log
 * alone: followers keep it by `update` and a restart by replaying.
 */
export class ProducerStates {
  readonly transactions = new OpenTransactions()
  readonly verifications = new TransactionVerifications()
  /** Made when there is one: most of 10,000 partitions are written to by nobody. */
  #producers: Map<number, ProducerState> | undefined

  get size(): number {
    return this.#producers?.size ?? 0
  }

  /**
   * The stored batch that a client's batch repeats, or undefined when it may be appended.
   * @throws KafkaError INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_TXN_STATE
   */
  checkClientBatch(batch: RecordBatch, verification: Verification | undefined): ProducedBatch | undefined {
    const producer = this.#producers?.get(batch.producerId)
    const duplicate = producer === undefined ? undefined : findDuplicate(producer, batch)
    if (duplicate !== undefined) return duplicate
    if (batch.isTransactional) this.#requireTransaction(batch, verification)
    if (producer !== undefined) requireEpoch(producer, batch.producerEpoch)
    this.#requireSequence(batch, producer)
    if (producer !== undefined) requireTransactional(producer, batch)
    return undefined
  }

  /** A coordinator's batches in a client's name have no sequences. @throws KafkaError */
  checkCoordinatorBatch(batch: RecordBatch, verification: Verification | undefined): void {
    if (batch.isTransactional) this.#requireTransaction(batch, verification)
    const producer = this.#producers?.get(batch.producerId)
    if (producer === undefined) return
    requireEpoch(producer, batch.producerEpoch)
    requireTransactional(producer, batch)
  }

  /** @throws KafkaError INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED */
  checkEndTransaction({ producerId, producerEpoch, coordinatorEpoch, transactionVersion }: EndTransaction): void {
    const producer = this.#producers?.get(producerId)
    if (producer === undefined) return
    // Each transaction has its own epoch and the marker a later one; the same is a marker sent twice, if all is over.
    const isLate =
      transactionVersion >= firstVersionThatBumpsEpoch &&
      producerEpoch === producer.epoch &&
      producer.currentTransactionFirstOffset >= 0
    if (isLate || producerEpoch < producer.epoch) throw staleEpoch(producer, producerEpoch)
    if (coordinatorEpoch < producer.coordinatorEpoch) {
      throw new KafkaError(
        errorCodes.TRANSACTION_COORDINATOR_FENCED,
        `A coordinator of epoch ${producer.coordinatorEpoch} ended a transaction of producer ${producerId} before`,
      )
    }
  }

  /** Whether the producer's next batch in `epoch` belongs to a transaction that is in the log already. */
  hasOngoingTransaction(producerId: number, epoch: number): boolean {
    const producer = this.#producers?.get(producerId)
    return producer !== undefined && producer.epoch === epoch && producer.currentTransactionFirstOffset >= 0
  }

  /**
   * Takes note of a batch that is now in the log, under the offsets it has there.
   * @returns what belongs into the segment's transaction index.
   */
  update(batch: RecordBatch): AbortedTransaction | undefined {
    const producerId = batch.producerId
    if (producerId === noProducerId) return undefined
    if (batch.isTransactional) this.verifications.end(batch)
    if (batch.isControl) return this.#endTransaction(batch)
    this.#addBatch(this.#producerAt(producerId, batch.producerEpoch), batch)
    return undefined
  }

  list(): readonly ProducerState[] {
    return [...(this.#producers?.values() ?? [])]
  }

  restore(producers: readonly ProducerState[]): void {
    const byId = producers.map((producer) => [producer.producerId, producer] as const)
    this.#producers = producers.length === 0 ? undefined : new Map(byId)
    this.transactions.clear()
    const ongoing = producers.filter((producer) => producer.currentTransactionFirstOffset >= 0)
    ongoing.sort((a, b) => a.currentTransactionFirstOffset - b.currentTransactionFirstOffset)
    for (const producer of ongoing) {
      this.transactions.begin(producer.currentTransactionFirstOffset, producer.producerId)
    }
  }

  expire(nowMs: number, expirationMs: number): void {
    for (const producer of this.#producers?.values() ?? []) {
      const isIdle = producer.currentTransactionFirstOffset < 0 && nowMs - producer.lastTimestampMs >= expirationMs
      if (isIdle) this.#producers?.delete(producer.producerId)
    }
    this.verifications.expire(nowMs - expirationMs)
  }

  clear(): void {
    this.restore([])
  }

  /** Not a record of a transaction gets into the log that its coordinator will not end. */
  #requireTransaction(batch: RecordBatch, verification: Verification | undefined): void {
    const { producerId, producerEpoch } = batch
    if (this.hasOngoingTransaction(producerId, producerEpoch)) return
    if (verification !== undefined && this.verifications.find(producerId) === verification) return
    throw new KafkaError(errorCodes.INVALID_TXN_STATE, 'Record was not part of an ongoing transaction')
  }

  #requireSequence(batch: RecordBatch, producer: ProducerState | undefined): void {
    const sequence = batch.baseSequence
    const last = producer?.batches.at(-1)
    if (batch.isTransactional) {
      const verification = this.verifications.find(batch.producerId)
      if (verification?.bumpsEpoch && last === undefined) requireSequence(batch, sequence, 0)
      if (verification !== undefined && sequence > verification.lowestSequence) {
        throw outOfOrder(batch, sequence, verification.lowestSequence)
      }
    }
    // Unknown ones (new, expired, or their records deleted) may begin anywhere.
    if (producer === undefined) return
    const isContinued = producer.epoch === batch.producerEpoch && last !== undefined
    requireSequence(batch, sequence, isContinued ? addToSequence(last.lastSequence, 1) : 0)
  }

  #producerAt(producerId: number, epoch: number): ProducerState {
    let producer = this.#producers?.get(producerId)
    if (producer === undefined) {
      producer = {
        producerId,
        epoch,
        batches: [],
        lastTimestampMs: -1,
        coordinatorEpoch: -1,
        currentTransactionFirstOffset: -1,
      }
      this.#producers ??= new Map()
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
    // A batch that the cleaner emptied belongs to a transaction that is over.
    const isUndecided = batch.isTransactional && batch.recordCount > 0
    if (isUndecided && producer.currentTransactionFirstOffset < 0) {
      producer.currentTransactionFirstOffset = baseOffset
      this.transactions.begin(baseOffset, producer.producerId)
    }
  }

  #endTransaction(batch: RecordBatch): AbortedTransaction | undefined {
    // The cleaner leaves a marker's batch without its record.
    const marker = batch.recordCount === 0 ? undefined : findEndTransactionMarker(batch)
    const producer = this.#producerAt(batch.producerId, batch.producerEpoch)
    producer.lastTimestampMs = batch.maxTimestampMs
    if (marker === undefined) return undefined
    const firstOffset = producer.currentTransactionFirstOffset
    producer.coordinatorEpoch = marker.coordinatorEpoch
    producer.currentTransactionFirstOffset = -1
    if (firstOffset < 0) return undefined
    const lastOffset = batch.baseOffset
    const lastStableOffset = this.transactions.complete(firstOffset, lastOffset)
    return marker.isCommit ? undefined : { producerId: batch.producerId, firstOffset, lastOffset, lastStableOffset }
  }
}

function findDuplicate(producer: ProducerState, batch: RecordBatch): ProducedBatch | undefined {
  if (producer.epoch !== batch.producerEpoch) return undefined
  const firstSequence = batch.baseSequence
  const lastSequence = batch.lastSequence
  for (const known of producer.batches) {
    if (known.firstSequence === firstSequence && known.lastSequence === lastSequence) return known
  }
  return undefined
}

function requireEpoch(producer: ProducerState, epoch: number): void {
  if (epoch < producer.epoch) throw staleEpoch(producer, epoch)
}

function requireTransactional(producer: ProducerState, batch: RecordBatch): void {
  if (producer.currentTransactionFirstOffset < 0 || batch.isTransactional) return
  const message = `Producer ${producer.producerId} is in a transaction that began at ${producer.currentTransactionFirstOffset}`
  throw new KafkaError(errorCodes.INVALID_TXN_STATE, message)
}

function requireSequence(batch: RecordBatch, sequence: number, expected: number): void {
  if (sequence !== expected) throw outOfOrder(batch, sequence, expected)
}

function staleEpoch({ producerId, epoch }: ProducerState, sent: number): KafkaError {
  return new KafkaError(errorCodes.INVALID_PRODUCER_EPOCH, `Producer ${producerId} has epoch ${epoch}, not ${sent}`)
}

function outOfOrder({ producerId }: RecordBatch, sequence: number, expected: number): KafkaError {
  const message = `Producer ${producerId} sent sequence ${sequence} where ${expected} follows`
  return new KafkaError(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER, message)
}
