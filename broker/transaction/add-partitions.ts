import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import { type Decision, refusal, refuse } from './decision.ts'
import { includes, includesAll, type TopicPartitions, union } from './topic-partitions.ts'
import {
  isPrepared,
  type ProducerIdentity,
  type TransactionState,
  type TransactionVersion,
} from './transaction-state.ts'

export interface AddPartitions extends ProducerIdentity {
  readonly partitions: TopicPartitions
  /** The producer's: 2 when it is the partition's leader that asks. */
  readonly version: TransactionVersion
  readonly nowMs: number
}

/** The partitions become part of the producer's transaction, which begins with the first of them. */
export function decideAddPartitions(state: TransactionState | undefined, request: AddPartitions): Decision {
  const { partitions, version, nowMs } = request
  const errorCode = findProducerError(state, request)
  if (state === undefined || errorCode !== undefined) return refuse(errorCode ?? errorCodes.INVALID_PRODUCER_ID_MAPPING)
  const isOngoing = state.status === 'Ongoing'
  if (isOngoing && includesAll(state.partitions, partitions)) return refuse(errorCodes.NONE)
  const to: TransactionState = {
    ...state,
    status: 'Ongoing',
    previousProducerId: state.producerId,
    partitions: isOngoing ? union(state.partitions, partitions) : partitions,
    startedAtMs: isOngoing ? state.startedAtMs : nowMs,
    updatedAtMs: nowMs,
    clientVersion: version,
  }
  return { kind: 'transition', to, answer: refusal(errorCodes.NONE) }
}

/**
 * Whether a leader may append what the producer sent for one partition: only while that partition is part of the open
 * transaction (KIP-890). What is being written is looked at again when the records are appended.
 */
export function verifyPartition(
  state: TransactionState | undefined,
  producer: ProducerIdentity,
  topic: string,
  partition: number,
): ErrorCode {
  const errorCode = findProducerError(state, producer)
  if (errorCode !== undefined) return errorCode
  const isIncluded = state?.status === 'Ongoing' && includes(state.partitions, topic, partition)
  return isIncluded ? errorCodes.NONE : errorCodes.TRANSACTION_ABORTABLE
}

function findProducerError(state: TransactionState | undefined, producer: ProducerIdentity): ErrorCode | undefined {
  if (state?.producerId !== producer.producerId) return errorCodes.INVALID_PRODUCER_ID_MAPPING
  if (state.producerEpoch !== producer.producerEpoch) return errorCodes.PRODUCER_FENCED
  return isPrepared(state) ? errorCodes.CONCURRENT_TRANSACTIONS : undefined
}
