import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'

/** Clients of older versions do not know that they can be fenced otherwise than by their epoch. */
export function fencedError(errorCode: ErrorCode, knowsProducerFenced: boolean): ErrorCode {
  return errorCode === errorCodes.PRODUCER_FENCED && !knowsProducerFenced
    ? errorCodes.INVALID_PRODUCER_EPOCH
    : errorCode
}
