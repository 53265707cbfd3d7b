import { errorCodes } from '../../protocol/errors.ts'
import { describeTransactions } from '../../protocol/messages/65-describe-transactions.ts'
import type { Access } from '../../security/access.ts'
import type { TransactionCoordinator } from '../../transaction/coordinator.ts'
import { type Handler, handler } from '../handler.ts'

/* Version 0. Only the coordinator of a transactional id knows it. */

export function describeTransactionsHandler(transactions: TransactionCoordinator): Handler {
  return handler(describeTransactions, ({ transactionalIds }, { access }) => {
    return { throttleTimeMs: 0, transactionStates: transactionalIds.map((id) => describe(transactions, id, access)) }
  })
}

const unknown = {
  transactionState: '',
  transactionTimeoutMs: 0,
  transactionStartTimeMs: 0,
  producerId: 0,
  producerEpoch: 0,
  topics: [],
}

function describe(transactions: TransactionCoordinator, transactionalId: string, access: Access) {
  if (!access.allows('describe', 'transactionalId', transactionalId)) {
    return { ...unknown, transactionalId, errorCode: errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED }
  }
  const transaction = transactions.find(transactionalId)
  if (typeof transaction === 'number') return { ...unknown, transactionalId, errorCode: transaction }
  const state = transaction?.state
  if (state === undefined) return { ...unknown, transactionalId, errorCode: errorCodes.TRANSACTIONAL_ID_NOT_FOUND }
  return {
    errorCode: errorCodes.NONE,
    transactionalId,
    transactionState: state.status,
    transactionTimeoutMs: state.timeoutMs,
    transactionStartTimeMs: state.startedAtMs,
    producerId: state.producerId,
    producerEpoch: state.producerEpoch,
    topics: [...state.partitions]
      .filter(([topic]) => access.allows('describe', 'topic', topic))
      .map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
  }
}
