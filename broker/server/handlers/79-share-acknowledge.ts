import type { MetadataCache } from '../../metadata/cache.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import { type ShareAcknowledgeResponseBody, shareAcknowledge } from '../../protocol/messages/79-share-acknowledge.ts'
import type { AcknowledgeAnswer } from '../../share/share-partition-leader.ts'
import type { SharePartitions } from '../../share/share-partitions.ts'
import { finalEpoch } from '../../share/share-sessions.ts'
import { type Handler, handler } from '../handler.ts'
import { LeaderHints } from '../leader-hints.ts'

/* Versions 1-2. Answered when the share coordinator has written what was acknowledged. */

export function shareAcknowledgeHandler(shares: SharePartitions, metadata: MetadataCache): Handler {
  return handler(shareAcknowledge, async (request, { access, connectionId, listenerName }) => {
    const { groupId, memberId, shareSessionEpoch: epoch, isRenewAck: canRenew } = request
    if (!metadata.image.features.get('share.version')) return failure(errorCodes.UNSUPPORTED_VERSION)
    if (groupId === null || groupId === '' || memberId === null || memberId === '') {
      return failure(errorCodes.INVALID_REQUEST)
    }
    if (!access.allows('read', 'group', groupId)) return failure(errorCodes.GROUP_AUTHORIZATION_FAILED)
    const session = shares.sessions.acknowledge({ groupId, memberId, connectionId, epoch })
    if (typeof session === 'number') return failure(session)
    const hints = new LeaderHints(metadata.image, listenerName)
    const responses = request.topics.map(async ({ topicId, partitions }) => {
      const topic = metadata.image.topicsById.get(topicId)?.name
      const isAllowed = topic === undefined || access.allows('read', 'topic', topic)
      const answers = partitions.map(async ({ partitionIndex, acknowledgementBatches: batches }) => {
        const partition = { topicId, partition: partitionIndex }
        const { errorCode, message }: AcknowledgeAnswer = isAllowed
          ? await shares.acknowledge(session, partition, batches, { canRenew })
          : { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, message: null }
        const isElsewhere = errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && topic !== undefined
        const currentLeader = (isElsewhere && hints.currentLeader(topic, partitionIndex)) || noLeader
        return { partitionIndex, errorCode, errorMessage: message, currentLeader }
      })
      return { topicId, partitions: await Promise.all(answers) }
    })
    const answered = await Promise.all(responses)
    if (epoch === finalEpoch) await shares.release(session)
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes.NONE,
      acquisitionLockTimeoutMs: shares.groups.of(groupId).shareRecordLockDurationMs,
      responses: answered,
      nodeEndpoints: hints.nodeEndpoints(),
    }
  })
}

const noLeader = { leaderId: -1, leaderEpoch: -1 }

function failure(errorCode: ErrorCode): ShareAcknowledgeResponseBody {
  return { throttleTimeMs: 0, errorCode, acquisitionLockTimeoutMs: 0, responses: [], nodeEndpoints: [] }
}
