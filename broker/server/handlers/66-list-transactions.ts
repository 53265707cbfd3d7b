import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import { listTransactions } from '../../protocol/messages/66-list-transactions.ts'
import type { TransactionCoordinator } from '../../transaction/coordinator.ts'
import { filterTransactions, isTransactionStatus } from '../../transaction/transaction-filter.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 0-2, with filters by duration (v1) and by a pattern of ids (v2). Lists what is coordinated here. */

export function listTransactionsHandler(transactions: TransactionCoordinator): Handler {
  return handler(listTransactions, (request, { access }) => {
    const all = transactions.list()
    if (typeof all === 'number') return refused(all)
    const filter = {
      states: request.stateFilters,
      producerIds: request.producerIdFilters,
      durationMs: request.durationFilter,
      pattern: request.transactionalIdPattern,
    }
    try {
      return {
        throttleTimeMs: 0,
        errorCode: errorCodes.NONE,
        unknownStateFilters: filter.states.filter((name) => !isTransactionStatus(name)),
        transactionStates: filterTransactions(all, filter, transactions.nowMs())
          .filter(({ transactionalId }) => access.allows('describe', 'transactionalId', transactionalId))
          .map(({ transactionalId, state: { producerId, status } }) => {
            return { transactionalId, producerId, transactionState: status }
          }),
      }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return refused(error.code)
    }
  })
}

function refused(errorCode: ErrorCode) {
  return { throttleTimeMs: 0, errorCode, unknownStateFilters: [], transactionStates: [] }
}
