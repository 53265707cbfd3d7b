import type { GroupCoordinator } from '../../group/coordinator.ts'
import { offsetsTopicName } from '../../metadata/topic-name.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import { type AddOffsetsToTxnRequest, addOffsetsToTxn } from '../../protocol/messages/25-add-offsets-to-txn.ts'
import type { Access } from '../../security/access.ts'
import type { TransactionCoordinator } from '../../transaction/coordinator.ts'
import { topicPartitionsOf } from '../../transaction/topic-partitions.ts'
import { type Handler, handler } from '../handler.ts'
import { fencedError } from './transaction-errors.ts'

/* Versions 0-4. Makes the partition of `__consumer_offsets` that holds the group part of the transaction. */

export function addOffsetsToTxnHandler(transactions: TransactionCoordinator, groups: GroupCoordinator): Handler {
  return handler(addOffsetsToTxn, async (request, { apiVersion, access }) => {
    const errorCode = findDenial(request, access) ?? (await addOffsets(transactions, groups, request))
    return { throttleTimeMs: 0, errorCode: fencedError(errorCode, apiVersion >= 2) }
  })
}

function findDenial({ transactionalId, groupId }: AddOffsetsToTxnRequest, access: Access): ErrorCode | undefined {
  if (!access.allows('write', 'transactionalId', transactionalId)) {
    return errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
  }
  return access.allows('read', 'group', groupId) ? undefined : errorCodes.GROUP_AUTHORIZATION_FAILED
}

function addOffsets(
  transactions: TransactionCoordinator,
  groups: GroupCoordinator,
  { transactionalId, producerId, producerEpoch, groupId }: AddOffsetsToTxnRequest,
): Promise<ErrorCode> {
  const partitions = topicPartitionsOf([[offsetsTopicName, [groups.partitionOf(groupId)]]])
  const request = { producerId, producerEpoch, partitions, version: 0 } as const
  return transactions.addPartitions(transactionalId, request, { isPatient: true })
}
