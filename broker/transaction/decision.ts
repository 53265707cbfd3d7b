import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import { noProducerEpoch, noProducerId, type ProducerIdentity, type TransactionState } from './transaction-state.ts'

/** What a producer is told. */
export interface TransactionAnswer extends ProducerIdentity {
  readonly errorCode: ErrorCode
}

/** What comes of a request: an answer at once, or a state to be written, and then the answer. */
export type Decision =
  | { readonly kind: 'answer'; readonly answer: TransactionAnswer }
  | { readonly kind: 'transition'; readonly to: TransactionState; readonly answer: TransactionAnswer }
  /** To be asked again with a producer id that no one has. */
  | { readonly kind: 'producerIdNeeded' }

export function refusal(errorCode: ErrorCode): TransactionAnswer {
  return { errorCode, producerId: noProducerId, producerEpoch: noProducerEpoch }
}

export function acceptance({ producerId, producerEpoch }: ProducerIdentity): TransactionAnswer {
  return { errorCode: errorCodes.NONE, producerId, producerEpoch }
}

export function refuse(errorCode: ErrorCode): Decision {
  return { kind: 'answer', answer: refusal(errorCode) }
}
