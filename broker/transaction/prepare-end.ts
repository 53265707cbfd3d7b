import { noPartitions } from './topic-partitions.ts'
import {
  hasEpochPerTransaction,
  isEpochMax,
  noProducerEpoch,
  noProducerId,
  type TransactionState,
  type TransactionVersion,
} from './transaction-state.ts'

export interface PreparedEnd {
  readonly status: 'PrepareCommit' | 'PrepareAbort'
  /** The producer's. */
  readonly version: TransactionVersion
  /** What replaces a producer id whose epochs are used up, else -1. */
  readonly nextProducerId: number
  readonly nowMs: number
}

/** The outcome is decided once this state is in the log; what is left is to tell the partitions. */
export function prepareEnd(state: TransactionState, end: PreparedEnd): TransactionState {
  const { producerEpoch } = state
  const bumpsEpoch = hasEpochPerTransaction(end.version)
  return {
    ...state,
    status: end.status,
    previousProducerId: state.producerId,
    nextProducerId: end.nextProducerId,
    producerEpoch: bumpsEpoch && !isEpochMax(producerEpoch) ? producerEpoch + 1 : producerEpoch,
    lastProducerEpoch: bumpsEpoch ? producerEpoch : state.lastProducerEpoch,
    // A transaction without partitions has not begun; Kafka wants a time all the same.
    startedAtMs: state.status === 'Ongoing' ? state.startedAtMs : end.nowMs,
    updatedAtMs: end.nowMs,
    clientVersion: end.version,
  }
}

/** Aborts what another producer, or one that took too long, has left open, under an epoch that no producer has. */
export function prepareFence(state: TransactionState, version: TransactionVersion, nowMs: number): TransactionState {
  const end = { status: 'PrepareAbort', version, nextProducerId: noProducerId, nowMs } as const
  if (hasEpochPerTransaction(version)) return prepareEnd(state, end)
  const { producerEpoch } = state
  const fenced = isEpochMax(producerEpoch) ? producerEpoch : producerEpoch + 1
  return prepareEnd({ ...state, producerEpoch: fenced, lastProducerEpoch: noProducerEpoch }, end)
}

/** Every partition has its marker. */
export function complete(state: TransactionState, nowMs: number): TransactionState {
  const isReplaced = hasEpochPerTransaction(state.clientVersion) && state.nextProducerId !== noProducerId
  return {
    ...state,
    status: state.status === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    previousProducerId: state.producerId,
    producerId: isReplaced ? state.nextProducerId : state.producerId,
    nextProducerId: noProducerId,
    producerEpoch: isReplaced ? 0 : state.producerEpoch,
    partitions: noPartitions,
    updatedAtMs: nowMs,
  }
}
