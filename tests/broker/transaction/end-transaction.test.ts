import { describe, expect, it } from 'vitest'
import { type ErrorCode, errorCodes } from '../../../broker/protocol/errors.ts'
import { decideEndTransaction } from '../../../broker/transaction/end-transaction.ts'
import { noPartitions } from '../../../broker/transaction/topic-partitions.ts'
import type { TransactionState, TransactionStatus } from '../../../broker/transaction/transaction-state.ts'

/** A producer of KIP-890 that was given epoch 5 when it ended its last transaction. */
function stateOf(status: TransactionStatus): TransactionState {
  return {
    ...{ producerId: 7, previousProducerId: 7, nextProducerId: -1, producerEpoch: 5, lastProducerEpoch: 4, status },
    ...{ timeoutMs: 60_000, partitions: noPartitions, startedAtMs: 1, updatedAtMs: 1, clientVersion: 2 },
  }
}

function outcomeOf(status: TransactionStatus, producerEpoch: number, isCommit: boolean): ErrorCode | TransactionStatus {
  const request = { producerId: 7, producerEpoch, isCommit, version: 2, newProducerId: undefined, nowMs: 2 } as const
  const decision = decideEndTransaction(stateOf(status), request)
  if (decision.kind === 'transition') return decision.to.status
  if (decision.kind === 'answer') return decision.answer.errorCode
  throw new Error(`Not a decision: ${decision.kind}`)
}

describe('a producer whose epoch grows with each transaction', () => {
  it.each<[TransactionStatus, string, number, boolean, ErrorCode | TransactionStatus]>([
    ['Ongoing', 'commits', 5, true, 'PrepareCommit'],
    ['Ongoing', 'aborts', 5, false, 'PrepareAbort'],
    ['Ongoing', 'is an older one', 4, true, errorCodes.PRODUCER_FENCED],
    ['PrepareAbort', 'tries again', 4, false, errorCodes.CONCURRENT_TRANSACTIONS],
    ['PrepareAbort', 'ends its next transaction already', 5, false, errorCodes.CONCURRENT_TRANSACTIONS],
    ['PrepareCommit', 'ends its next transaction already', 5, true, errorCodes.CONCURRENT_TRANSACTIONS],
    ['PrepareCommit', 'is an older one', 3, true, errorCodes.PRODUCER_FENCED],
    ['CompleteCommit', 'tries again', 4, true, errorCodes.NONE],
    ['CompleteCommit', 'tries again with another outcome', 4, false, errorCodes.INVALID_TXN_STATE],
    ['CompleteCommit', 'aborts a transaction without partitions', 5, false, 'PrepareAbort'],
    ['CompleteAbort', 'commits a transaction without partitions', 5, true, errorCodes.INVALID_TXN_STATE],
    ['CompleteAbort', 'is an older one', 3, false, errorCodes.PRODUCER_FENCED],
  ])('in %s: %s', (status, _, producerEpoch, isCommit, outcome) => {
    expect(outcomeOf(status, producerEpoch, isCommit)).toBe(outcome)
  })
})
