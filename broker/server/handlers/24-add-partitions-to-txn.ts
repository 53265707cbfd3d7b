import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import { addPartitionsToTxn } from '../../protocol/messages/24-add-partitions-to-txn.ts'
import type { Access } from '../../security/access.ts'
import type { TransactionCoordinator } from '../../transaction/coordinator.ts'
import { eachPartition, topicPartitionsOf } from '../../transaction/topic-partitions.ts'
import type { ProducerIdentity, TransactionVersion } from '../../transaction/transaction-state.ts'
import { type Handler, handler } from '../handler.ts'
import { fencedError } from './transaction-errors.ts'

/*
 * Versions 0-5. Up to 3 from producers, for one transaction. From 4 on from the leaders of partitions, for many (KIP-890);
 * some producers use these versions too.
 */

interface Addition extends ProducerIdentity {
  readonly transactionalId: string
  readonly verifyOnly: boolean
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[]
}

type CodeOf = (topic: string, partition: number) => ErrorCode

export function addPartitionsToTxnHandler(transactions: TransactionCoordinator): Handler {
  return handler(addPartitionsToTxn, async (request, { apiVersion, access }) => {
    if (apiVersion < 4) {
      const addition = {
        transactionalId: request.v3AndBelowTransactionalId,
        producerId: request.v3AndBelowProducerId,
        producerEpoch: request.v3AndBelowProducerEpoch,
        verifyOnly: false,
        topics: request.v3AndBelowTopics,
      }
      const codeOf = await add(transactions, addition, 0, access)
      const results = resultsOf(addition, (topic, partition) => fencedError(codeOf(topic, partition), apiVersion >= 2))
      return { throttleTimeMs: 0, resultsByTopicV3AndBelow: results }
    }
    if (!access.allowsOnCluster('clusterAction')) {
      return { throttleTimeMs: 0, errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, resultsByTransaction: [] }
    }
    const results = request.transactions.map(async (addition) => {
      const codeOf = addition.verifyOnly
        ? verify(transactions, addition, apiVersion)
        : await add(transactions, addition, 2, access)
      return { transactionalId: addition.transactionalId, topicResults: resultsOf(addition, codeOf) }
    })
    return { throttleTimeMs: 0, errorCode: errorCodes.NONE, resultsByTransaction: await Promise.all(results) }
  })
}

/** All partitions or none: where one cannot be added, the others are answered with OPERATION_NOT_ATTEMPTED. */
async function add(
  transactions: TransactionCoordinator,
  addition: Addition,
  version: TransactionVersion,
  access: Access,
): Promise<CodeOf> {
  const { transactionalId, topics, producerId, producerEpoch } = addition
  if (!access.allows('write', 'transactionalId', transactionalId)) {
    return () => errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
  }
  const findFault = (topic: string, partition: number) => {
    if (!access.allows('write', 'topic', topic)) return errorCodes.TOPIC_AUTHORIZATION_FAILED
    const isKnown = transactions.metadata.image.topics.get(topic)?.partitions[partition] !== undefined
    return isKnown ? undefined : errorCodes.UNKNOWN_TOPIC_OR_PARTITION
  }
  const partitions = topicPartitionsOf(topics.map(({ name, partitions }) => [name, partitions] as const))
  if ([...eachPartition(partitions)].some(([topic, partition]) => findFault(topic, partition) !== undefined)) {
    return (topic, partition) => findFault(topic, partition) ?? errorCodes.OPERATION_NOT_ATTEMPTED
  }
  const request = { producerId, producerEpoch, partitions, version }
  // A leader's question comes with those of others, which would wait too.
  const errorCode = await transactions.addPartitions(transactionalId, request, { isPatient: version === 0 })
  return () => errorCode
}

function verify(transactions: TransactionCoordinator, addition: Addition, apiVersion: number): CodeOf {
  return (topic, partition) => {
    const errorCode = transactions.verifyPartition(addition.transactionalId, addition, topic, partition)
    // Version 4 came before the error that tells a producer to abort.
    const isUnknown = errorCode === errorCodes.TRANSACTION_ABORTABLE && apiVersion < 5
    return isUnknown ? errorCodes.INVALID_TXN_STATE : errorCode
  }
}

function resultsOf({ topics }: Addition, codeOf: CodeOf) {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => {
      return { partitionIndex, partitionErrorCode: codeOf(name, partitionIndex) }
    }),
  }))
}
