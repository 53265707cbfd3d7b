import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import { type InitProducerIdRequest, initProducerId } from '../../protocol/messages/22-init-producer-id.ts'
import type { Access } from '../../security/access.ts'
import type { TransactionCoordinator } from '../../transaction/coordinator.ts'
import { refusal, type TransactionAnswer } from '../../transaction/decision.ts'
import { type Handler, handler } from '../handler.ts'
import { fencedError } from './transaction-errors.ts'

/*
 * Versions 0-5. Without a transactional id a new producer id, whatever id the producer had. Version 6, unstable in Apache
 * Kafka, would keep a prepared transaction (KIP-939).
 */

export function initProducerIdHandler(transactions: TransactionCoordinator): Handler {
  return handler(initProducerId, async (request, { apiVersion, access }) => {
    const { errorCode, producerId, producerEpoch } = await initialize(transactions, request, access)
    return { throttleTimeMs: 0, errorCode: fencedError(errorCode, apiVersion >= 4), producerId, producerEpoch }
  })
}

async function initialize(
  transactions: TransactionCoordinator,
  request: InitProducerIdRequest,
  access: Access,
): Promise<TransactionAnswer> {
  const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request
  const deniedCode = findDenial(request, access)
  if (deniedCode !== undefined) return refusal(deniedCode)
  if (transactionalId === null) return allocate(transactions)
  // Neither or both: an id without an epoch names no producer.
  if (producerId < 0 !== producerEpoch < 0) return refusal(errorCodes.INVALID_REQUEST)
  const expected = producerId < 0 ? undefined : { producerId, producerEpoch }
  return transactions.initProducerId(transactionalId, transactionTimeoutMs, expected)
}

function findDenial({ transactionalId }: InitProducerIdRequest, access: Access): ErrorCode | undefined {
  if (transactionalId !== null) {
    const isAllowed = access.allows('write', 'transactionalId', transactionalId)
    return isAllowed ? undefined : errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
  }
  const isAllowed = access.allowsOnCluster('idempotentWrite') || access.allowsSomewhere('write', 'topic')
  return isAllowed ? undefined : errorCodes.CLUSTER_AUTHORIZATION_FAILED
}

async function allocate(transactions: TransactionCoordinator): Promise<TransactionAnswer> {
  try {
    return { errorCode: errorCodes.NONE, producerId: await transactions.allocateProducerId(), producerEpoch: 0 }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    return refusal(error.code)
  }
}
