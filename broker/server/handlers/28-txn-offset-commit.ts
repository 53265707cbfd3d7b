import type { GroupCoordinator } from '../../group/coordinator.ts'
import type { CommittedOffset } from '../../group/offsets.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import { type TxnOffsetCommitRequest, txnOffsetCommit } from '../../protocol/messages/28-txn-offset-commit.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import type { Access } from '../../security/access.ts'
import { type Handler, handler } from '../handler.ts'

/*
 * Versions 0-5. The sender's membership is known from version 3 on; from 5 on the partition of `__consumer_offsets` becomes
 * part of the transaction here (KIP-890), before that with AddOffsetsToTxn.
 */

const firstVersionWithTransactionAbortable = 4
const firstVersionThatAddsPartitions = 5

export function txnOffsetCommitHandler(groups: GroupCoordinator): Handler {
  return handler(txnOffsetCommit, async (request, { apiVersion, access }) => {
    const faultOf = partitionCheck(groups, access)
    const denial = findDenial(request, access)
    const errorCode = denial ?? clientError(await commit(groups, request, faultOf, apiVersion), apiVersion)
    return {
      throttleTimeMs: 0,
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((partition) => ({
          partitionIndex: partition.partitionIndex,
          errorCode: denial ?? faultOf(name, partition) ?? errorCode,
        })),
      })),
    }
  })
}

type Partition = TxnOffsetCommitRequest['topics'][number]['partitions'][number]
type FaultOf = (topic: string, partition: Partition) => ErrorCode | undefined

function findDenial({ transactionalId, groupId }: TxnOffsetCommitRequest, access: Access): ErrorCode | undefined {
  if (!access.allows('write', 'transactionalId', transactionalId)) {
    return errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
  }
  return access.allows('read', 'group', groupId) ? undefined : errorCodes.GROUP_AUTHORIZATION_FAILED
}

function partitionCheck({ metadata, settings }: GroupCoordinator, access: Access): FaultOf {
  return (topic, { partitionIndex, committedMetadata }) => {
    if (!access.allows('read', 'topic', topic)) return errorCodes.TOPIC_AUTHORIZATION_FAILED
    const isKnown = metadata.image.topics.get(topic)?.partitions[partitionIndex] !== undefined
    if (!isKnown) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION
    const isTooLong = (committedMetadata?.length ?? 0) > settings.offsetMetadataMaxBytes
    return isTooLong ? errorCodes.OFFSET_METADATA_TOO_LARGE : undefined
  }
}

async function commit(
  groups: GroupCoordinator,
  request: TxnOffsetCommitRequest,
  faultOf: FaultOf,
  apiVersion: number,
): Promise<ErrorCode> {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: memberEpoch } = request
  const partition = groups.routeMember(groupId)
  if (typeof partition === 'number') return partition
  const commitTimestamp = groups.nowMs()
  const offsets = request.topics.flatMap(({ name, partitions }) => {
    const committable = partitions.filter((committed) => faultOf(name, committed) === undefined)
    return committable.map((committed): CommittedOffset => {
      const value = {
        offset: committed.committedOffset,
        leaderEpoch: committed.committedLeaderEpoch,
        metadata: committed.committedMetadata ?? '',
        commitTimestamp,
        expireTimestamp: -1,
        topicId: zeroUuid,
      }
      return { topic: name, partition: committed.partitionIndex, value }
    })
  })
  if (offsets.length === 0) return errorCodes.NONE
  const { transactionalId, producerId, producerEpoch } = request
  const mode = apiVersion >= firstVersionThatAddsPartitions ? 'add' : 'verify'
  const client = { memberId, groupInstanceId, memberEpoch, apiVersion: undefined }
  return partition.commitInTransaction(groupId, client, offsets, { transactionalId, producerId, producerEpoch, mode })
}

/** What the coordinator of the transaction said reads otherwise when it comes from that of the group. */
function clientError(errorCode: ErrorCode, apiVersion: number): ErrorCode {
  switch (errorCode) {
    case errorCodes.PRODUCER_FENCED:
      return errorCodes.INVALID_PRODUCER_EPOCH
    case errorCodes.NETWORK_EXCEPTION:
      return errorCodes.COORDINATOR_LOAD_IN_PROGRESS
    case errorCodes.TRANSACTION_ABORTABLE:
      return apiVersion < firstVersionWithTransactionAbortable ? errorCodes.INVALID_TXN_STATE : errorCode
    default:
      return errorCode
  }
}
