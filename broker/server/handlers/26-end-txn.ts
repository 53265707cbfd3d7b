import { errorCodes } from '../../protocol/errors.ts'
import { endTxn } from '../../protocol/messages/26-end-txn.ts'
import type { TransactionCoordinator } from '../../transaction/coordinator.ts'
import { refusal } from '../../transaction/decision.ts'
import { type Handler, handler } from '../handler.ts'
import { fencedError } from './transaction-errors.ts'

/* Versions 0-5. From 5 on the producer gets another epoch with every end (KIP-890). Answered before the markers are written. */

export function endTxnHandler(transactions: TransactionCoordinator): Handler {
  return handler(endTxn, async (request, { apiVersion, access }) => {
    const { transactionalId, committed, producerId, producerEpoch } = request
    const end = { producerId, producerEpoch, isCommit: committed, version: apiVersion >= 5 ? 2 : 0 } as const
    const answer = access.allows('write', 'transactionalId', transactionalId)
      ? await transactions.endTransaction(transactionalId, end)
      : refusal(errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
    return { throttleTimeMs: 0, ...answer, errorCode: fencedError(answer.errorCode, apiVersion >= 2) }
  })
}
