import { errorCodes } from '../protocol/errors.ts'
import { acceptance, type Decision, refusal, refuse } from './decision.ts'
import { prepareFence } from './prepare-end.ts'
import { noPartitions } from './topic-partitions.ts'
import {
  isEpochExhausted,
  isPrepared,
  newTransactionState,
  noProducerEpoch,
  type ProducerIdentity,
  type TransactionState,
  type TransactionVersion,
} from './transaction-state.ts'

export interface InitProducerId {
  readonly timeoutMs: number
  /** What the producer has, when it goes on after an error (KIP-360); a producer that starts has nothing. */
  readonly expected: ProducerIdentity | undefined
  /** An id that no producer has, once it was asked for. */
  readonly newProducerId: number | undefined
  /** The cluster's. */
  readonly version: TransactionVersion
  readonly nowMs: number
}

/**
 * Gives the transactional id's producer an epoch that fences all before it. A transaction that one of those left open is
 * aborted first, and the producer asks again.
 */
export function decideInitProducerId(state: TransactionState | undefined, request: InitProducerId): Decision {
  const { expected, timeoutMs, newProducerId, nowMs } = request
  if (state === undefined) {
    if (newProducerId === undefined) return { kind: 'producerIdNeeded' }
    return nextEpoch(newTransactionState(newProducerId, timeoutMs, nowMs), request)
  }
  if (expected !== undefined && !isKnown(state, expected)) return refuse(errorCodes.PRODUCER_FENCED)
  if (isPrepared(state)) return refuse(errorCodes.CONCURRENT_TRANSACTIONS)
  if (state.status === 'Ongoing') {
    const to = prepareFence(state, request.version, nowMs)
    return { kind: 'transition', to, answer: refusal(errorCodes.CONCURRENT_TRANSACTIONS) }
  }
  const isRotation =
    isEpochExhausted(state.producerEpoch) && (expected === undefined || expected.producerEpoch === state.producerEpoch)
  if (!isRotation) return nextEpoch(state, request)
  return newProducerId === undefined ? { kind: 'producerIdNeeded' } : rotate(state, newProducerId, request)
}

/** A retry may still have the id that was replaced because its epochs were used up. */
function isKnown(state: TransactionState, { producerId, producerEpoch }: ProducerIdentity): boolean {
  if (producerId === state.producerId) return true
  return producerId === state.previousProducerId && isEpochExhausted(producerEpoch)
}

function nextEpoch(state: TransactionState, { expected, timeoutMs, nowMs }: InitProducerId): Decision {
  const { producerEpoch, lastProducerEpoch } = state
  if (expected === undefined) {
    return initialized(
      state,
      { producerEpoch: producerEpoch + 1, lastProducerEpoch: noProducerEpoch, timeoutMs },
      nowMs,
    )
  }
  if (producerEpoch === noProducerEpoch || expected.producerEpoch === producerEpoch) {
    return initialized(state, { producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch, timeoutMs }, nowMs)
  }
  // A retry of what succeeded. No producer that starts came in between, it would have set the last epoch to -1.
  if (expected.producerEpoch === lastProducerEpoch) {
    return initialized(state, { producerEpoch, lastProducerEpoch, timeoutMs }, nowMs)
  }
  return refuse(errorCodes.PRODUCER_FENCED)
}

function rotate(state: TransactionState, producerId: number, { expected, timeoutMs, nowMs }: InitProducerId): Decision {
  const lastProducerEpoch = expected === undefined ? noProducerEpoch : state.producerEpoch
  return initialized(state, { producerId, producerEpoch: 0, lastProducerEpoch, timeoutMs }, nowMs)
}

function initialized(state: TransactionState, change: Partial<TransactionState>, nowMs: number): Decision {
  const to: TransactionState = {
    ...state,
    status: 'Empty',
    previousProducerId: state.producerId,
    partitions: noPartitions,
    startedAtMs: -1,
    updatedAtMs: nowMs,
    ...change,
  }
  return { kind: 'transition', to, answer: acceptance(to) }
}
