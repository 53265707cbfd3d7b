import { noPartitions, type TopicPartitions } from './topic-partitions.ts'

/** Kafka's names with the numbers that stand for them in the log. Dead and PrepareEpochFence never get there. */
export const transactionStatuses = {
  Empty: 0,
  Ongoing: 1,
  PrepareCommit: 2,
  PrepareAbort: 3,
  CompleteCommit: 4,
  CompleteAbort: 5,
  Dead: 6,
  PrepareEpochFence: 7,
} as const

export type TransactionStatus = keyof typeof transactionStatuses

/**
 * The levels of the feature `transaction.version`: 0 is KIP-98, 1 may use flexible records, with 2 every transaction has an
 * epoch of its own (KIP-890).
 */
export type TransactionVersion = 0 | 1 | 2

export function transactionVersionOf(level: number): TransactionVersion {
  if (level <= 0) return 0
  return level === 1 ? 1 : 2
}

export function hasEpochPerTransaction(version: TransactionVersion): boolean {
  return version >= 2
}

export const noProducerId = -1
export const noProducerEpoch = -1
const producerEpochMax = 32767

export interface ProducerIdentity {
  readonly producerId: number
  readonly producerEpoch: number
}

/** What is known of a transactional id: what its record in `__transaction_state` says. */
export interface TransactionState extends ProducerIdentity {
  readonly status: TransactionStatus
  /** The one before the last change: the same, but for the first change after an id was replaced. */
  readonly previousProducerId: number
  /** The id that replaces the producer's once the transaction is complete, when its epochs are used up. */
  readonly nextProducerId: number
  /** The epoch that the producer had before the last one it was given; tells a retry. Not in the log. */
  readonly lastProducerEpoch: number
  readonly timeoutMs: number
  readonly partitions: TopicPartitions
  /** -1 before the first transaction. */
  readonly startedAtMs: number
  readonly updatedAtMs: number
  /** How the producer that ended the transaction, or added the last partition to it, does transactions. */
  readonly clientVersion: TransactionVersion
}

/** A producer is never given the last epoch, so that there is one left to fence it with. */
export function isEpochExhausted(producerEpoch: number): boolean {
  return producerEpoch >= producerEpochMax - 1
}

export function isEpochMax(producerEpoch: number): boolean {
  return producerEpoch >= producerEpochMax
}

/** The last epoch that a producer can have. */
export const lastUsableEpoch = producerEpochMax - 1

export function isPrepared({ status }: TransactionState): boolean {
  return status === 'PrepareCommit' || status === 'PrepareAbort'
}

/** It holds nothing that would be lost with the id. */
export function isAtRest({ status }: TransactionState): boolean {
  return status === 'Empty' || status === 'CompleteCommit' || status === 'CompleteAbort'
}

/** A transactional id as it is before its first producer was given its first epoch, 0. */
export function newTransactionState(producerId: number, timeoutMs: number, nowMs: number): TransactionState {
  return {
    status: 'Empty',
    producerId,
    previousProducerId: noProducerId,
    nextProducerId: noProducerId,
    producerEpoch: noProducerEpoch,
    lastProducerEpoch: noProducerEpoch,
    timeoutMs,
    partitions: noPartitions,
    startedAtMs: -1,
    updatedAtMs: nowMs,
    clientVersion: 0,
  }
}
