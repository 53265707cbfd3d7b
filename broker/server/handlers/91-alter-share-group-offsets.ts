import type { GroupCoordinator } from '../../group/coordinator.ts'
import { type ErrorCode, errorCodes, errorName, KafkaError } from '../../protocol/errors.ts'
import {
  type AlterShareGroupOffsetsResponseBody,
  alterShareGroupOffsets,
} from '../../protocol/messages/91-alter-share-group-offsets.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import { type Handler, handler } from '../handler.ts'

/* Version 0. Only of groups without members, or of one that is made by it; each partition is set or refused by itself. */

type AlteredTopic = AlterShareGroupOffsetsResponseBody['responses'][number]

export function alterShareGroupOffsetsHandler(groups: GroupCoordinator): Handler {
  return handler(alterShareGroupOffsets, async ({ groupId, topics }, { access }) => {
    if (!access.allows('read', 'group', groupId)) return failure(errorCodes.GROUP_AUTHORIZATION_FAILED)
    const shard = groups.route(groupId)
    if (typeof shard === 'number') return failure(shard)
    const fault = shard.share.alterError(groupId)
    if (fault !== errorCodes.NONE) return failure(fault)
    const responses: AlteredTopic[] = []
    for (const { topicName, partitions } of topics) {
      const topic = groups.metadata.image.topics.get(topicName)
      const isAllowed = access.allows('read', 'topic', topicName)
      const altered: AlteredTopic['partitions'][number][] = []
      for (const { partitionIndex, startOffset } of partitions) {
        const isKnown = topic?.partitions[partitionIndex] !== undefined
        const unknown = isKnown ? undefined : errorCodes.UNKNOWN_TOPIC_OR_PARTITION
        const errorCode = isAllowed ? unknown : errorCodes.TOPIC_AUTHORIZATION_FAILED
        if (errorCode !== undefined || topic === undefined) {
          const code = errorCode ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION
          altered.push({ partitionIndex, errorCode: code, errorMessage: errorName(code) })
          continue
        }
        const named = { topicId: topic.id, topicName, partitions: [partitionIndex] }
        altered.push({
          partitionIndex,
          ...(await outcomeOf(() => shard.share.alterOffset(groupId, named, startOffset))),
        })
      }
      responses.push({ topicName, topicId: topic?.id ?? zeroUuid, partitions: altered })
    }
    return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, responses }
  })
}

async function outcomeOf(act: () => Promise<void>): Promise<{ errorCode: ErrorCode; errorMessage: string | null }> {
  try {
    await act()
    return { errorCode: errorCodes.NONE, errorMessage: null }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    return { errorCode: error.code, errorMessage: error.message }
  }
}

function failure(errorCode: ErrorCode): AlterShareGroupOffsetsResponseBody {
  return { throttleTimeMs: 0, errorCode, errorMessage: errorName(errorCode), responses: [] }
}
