import type { GroupCoordinator } from '../../group/coordinator.ts'
import { type ErrorCode, errorCodes, errorName, KafkaError } from '../../protocol/errors.ts'
import {
  type DeleteShareGroupOffsetsResponseBody,
  deleteShareGroupOffsets,
} from '../../protocol/messages/92-delete-share-group-offsets.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import { type Handler, handler } from '../handler.ts'

/* Version 0. Only of groups without members; whole topics are forgotten. */

export function deleteShareGroupOffsetsHandler(groups: GroupCoordinator): Handler {
  return handler(deleteShareGroupOffsets, async ({ groupId, topics }, { access }) => {
    if (!access.allows('delete', 'group', groupId)) return failure(errorCodes.GROUP_AUTHORIZATION_FAILED)
    const shard = groups.route(groupId)
    if (typeof shard === 'number') return failure(shard)
    const group = shard.share.find(groupId)
    if (group === undefined) return failure(errorCodes.GROUP_ID_NOT_FOUND)
    if (!group.isEmpty) return failure(errorCodes.NON_EMPTY_GROUP)
    const responses = topics.map(async ({ topicName }) => {
      const topicId = groups.metadata.image.topics.get(topicName)?.id
      const answer = { topicName, topicId: topicId ?? zeroUuid }
      const refuse = (errorCode: ErrorCode) => ({ ...answer, errorCode, errorMessage: errorName(errorCode) })
      if (!access.allows('read', 'topic', topicName)) return refuse(errorCodes.TOPIC_AUTHORIZATION_FAILED)
      if (topicId === undefined) return refuse(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
      try {
        await shard.share.states.remove(group, new Set([topicId]))
        return { ...answer, errorCode: errorCodes.NONE, errorMessage: null }
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error
        return { ...answer, errorCode: error.code, errorMessage: error.message }
      }
    })
    const answered = await Promise.all(responses)
    return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, responses: answered }
  })
}

function failure(errorCode: ErrorCode): DeleteShareGroupOffsetsResponseBody {
  return { throttleTimeMs: 0, errorCode, errorMessage: errorName(errorCode), responses: [] }
}
