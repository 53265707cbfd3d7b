import { errorCodes } from '../protocol/errors.ts'
import { acceptance, type Decision, refusal, refuse } from './decision.ts'
import { complete, prepareEnd } from './prepare-end.ts'
import {
  hasEpochPerTransaction,
  isAtRest,
  isEpochExhausted,
  isPrepared,
  lastUsableEpoch,
  noProducerId,
  type ProducerIdentity,
  type TransactionState,
  type TransactionVersion,
} from './transaction-state.ts'

export interface EndTransaction extends ProducerIdentity {
  readonly isCommit: boolean
  /** The producer's: 2 from EndTxn version 5 on. */
  readonly version: TransactionVersion
  /** An id that no producer has, once it was asked for. */
  readonly newProducerId: number | undefined
  readonly nowMs: number
}

/** A producer's wish to commit or abort. */
export function decideEndTransaction(state: TransactionState | undefined, request: EndTransaction): Decision {
  if (state === undefined) return refuse(errorCodes.INVALID_PRODUCER_ID_MAPPING)
  return hasEpochPerTransaction(request.version) ? decideWithEpoch(state, request) : decideWithoutEpoch(state, request)
}

/** Before KIP-890 the epoch stays: a retry cannot be told from another end with the same outcome. */
function decideWithoutEpoch(state: TransactionState, request: EndTransaction): Decision {
  const { producerId, producerEpoch, isCommit, version, nowMs } = request
  if (producerId !== state.producerId) return refuse(errorCodes.INVALID_PRODUCER_ID_MAPPING)
  if (producerEpoch !== state.producerEpoch) return refuse(errorCodes.PRODUCER_FENCED)
  if (state.status === 'Ongoing') {
    const status = isCommit ? 'PrepareCommit' : 'PrepareAbort'
    const to = prepareEnd(state, { status, version, nextProducerId: noProducerId, nowMs })
    return { kind: 'transition', to, answer: refusal(errorCodes.NONE) }
  }
  if (!hasOutcome(state, isCommit)) return refuse(errorCodes.INVALID_TXN_STATE)
  return refuse(isPrepared(state) ? errorCodes.CONCURRENT_TRANSACTIONS : errorCodes.NONE)
}

/** With KIP-890 every end moves the epoch on, so that who still has the last one retries. */
function decideWithEpoch(state: TransactionState, request: EndTransaction): Decision {
  const { producerId, producerEpoch, isCommit } = request
  const isRetryOverRotation =
    producerId === state.previousProducerId && producerEpoch === lastUsableEpoch && state.producerEpoch === 0
  if (producerId !== state.producerId && !isRetryOverRotation) return refuse(errorCodes.INVALID_PRODUCER_ID_MAPPING)
  const isRetry = producerEpoch + 1 === state.producerEpoch || isRetryOverRotation
  const isCurrent = producerEpoch === state.producerEpoch
  switch (state.status) {
    case 'Ongoing':
      return isCurrent ? end(state, request) : refuse(errorCodes.PRODUCER_FENCED)
    case 'PrepareCommit':
    case 'PrepareAbort':
      // Its epoch is known before its markers are written: who ends the next transaction already tries again.
      return refuse(isRetry || isCurrent ? errorCodes.CONCURRENT_TRANSACTIONS : errorCodes.PRODUCER_FENCED)
    case 'CompleteCommit':
    case 'CompleteAbort':
      if (isRetry && hasOutcome(state, isCommit)) return { kind: 'answer', answer: acceptance(state) }
      if (isRetry) return refuse(errorCodes.INVALID_TXN_STATE)
      break
    default:
      break
  }
  if (!isCurrent || !isAtRest(state)) return refuse(errorCodes.PRODUCER_FENCED)
  // Nothing was added, or nothing that the producer has heard of: it may abort, which moves its epoch on.
  return isCommit ? refuse(errorCodes.INVALID_TXN_STATE) : end(state, request)
}

function end(state: TransactionState, { isCommit, version, newProducerId, nowMs }: EndTransaction): Decision {
  const isExhausted = isEpochExhausted(state.producerEpoch)
  if (isExhausted && newProducerId === undefined) return { kind: 'producerIdNeeded' }
  const to = prepareEnd(state, {
    status: isCommit ? 'PrepareCommit' : 'PrepareAbort',
    version,
    nextProducerId: isExhausted ? (newProducerId ?? noProducerId) : noProducerId,
    nowMs,
  })
  // The producer goes on under what it will be when the transaction is complete.
  return { kind: 'transition', to, answer: acceptance(complete(to, nowMs)) }
}

function hasOutcome({ status }: TransactionState, isCommit: boolean): boolean {
  return isCommit
    ? status === 'PrepareCommit' || status === 'CompleteCommit'
    : status === 'PrepareAbort' || status === 'CompleteAbort'
}
