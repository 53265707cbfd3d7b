import type { GroupCoordinator } from '../../group/coordinator.ts'
import type { CommittedOffset } from '../../group/offsets.ts'
import type { TopicImage } from '../../metadata/topic-image.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type OffsetCommitRequest,
  type OffsetCommitRequestPartition,
  type OffsetCommitRequestTopic,
  offsetCommit,
} from '../../protocol/messages/08-offset-commit.ts'
import type { Access } from '../../security/access.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 2-10. Since v10 topics are named by id. */

export function offsetCommitHandler(groups: GroupCoordinator): Handler {
  return handler(offsetCommit, async (request, { apiVersion, access }) => {
    const isGroupAllowed = access.allows('read', 'group', request.groupId)
    const checked = request.topics.map((topic) => {
      const check = topicCheck(groups, topic, apiVersion, access)
      const refuse = () => errorCodes.GROUP_AUTHORIZATION_FAILED
      return { topic, check: isGroupAllowed ? check : { ...check, errorOf: refuse } }
    })
    const candidates = checked.flatMap(({ topic, check }) =>
      topic.partitions.map((partition) => ({ partition, check })),
    )
    const isAnyKnown = candidates.some(({ partition, check }) => check.errorOf(partition) === undefined)
    const groupError = isAnyKnown ? await commit(groups, request, checked, apiVersion) : errorCodes.NONE
    return {
      topics: checked.map(({ topic: { name, topicId, partitions }, check }) => ({
        name,
        topicId,
        partitions: partitions.map((partition) => ({
          partitionIndex: partition.partitionIndex,
          errorCode:
            check.errorOf(partition) ??
            (groupError === errorCodes.NONE ? metadataError(groups, partition) : groupError),
        })),
      })),
    }
  })
}

interface TopicCheck {
  readonly name: string
  errorOf(partition: OffsetCommitRequestPartition): ErrorCode | undefined
}

function topicCheck(
  groups: GroupCoordinator,
  topic: OffsetCommitRequestTopic,
  apiVersion: number,
  access: Access,
): TopicCheck {
  const { topics, topicsById } = groups.metadata.image
  const image: TopicImage | undefined = apiVersion >= 10 ? topicsById.get(topic.topicId) : topics.get(topic.name)
  const name = image?.name ?? topic.name
  const isRefused = (apiVersion < 10 || image !== undefined) && !access.allows('read', 'topic', name)
  const missing = apiVersion >= 10 ? errorCodes.UNKNOWN_TOPIC_ID : errorCodes.UNKNOWN_TOPIC_OR_PARTITION
  return {
    name: image?.name ?? '',
    errorOf: ({ partitionIndex }) => {
      if (isRefused) return errorCodes.TOPIC_AUTHORIZATION_FAILED
      if (image === undefined) return missing
      return image.partitions[partitionIndex] === undefined ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : undefined
    },
  }
}

async function commit(
  groups: GroupCoordinator,
  request: OffsetCommitRequest,
  checked: readonly { topic: OffsetCommitRequestTopic; check: TopicCheck }[],
  apiVersion: number,
): Promise<ErrorCode> {
  const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: memberEpoch, retentionTimeMs } = request
  const partition = groups.route(groupId)
  if (typeof partition === 'number') return partition
  const nowMs = groups.nowMs()
  const expireTimestamp = retentionTimeMs < 0 ? -1 : nowMs + retentionTimeMs
  const offsets: CommittedOffset[] = []
  for (const { topic, check } of checked) {
    for (const committed of topic.partitions) {
      if (check.errorOf(committed) !== undefined || metadataError(groups, committed) !== errorCodes.NONE) continue
      const value = {
        offset: committed.committedOffset,
        leaderEpoch: committed.committedLeaderEpoch,
        metadata: committed.committedMetadata ?? '',
        commitTimestamp: nowMs,
        expireTimestamp,
        topicId: topic.topicId,
      }
      offsets.push({ topic: check.name, partition: committed.partitionIndex, value })
    }
  }
  return partition.commitOffsets(groupId, { memberId, groupInstanceId, memberEpoch, apiVersion }, offsets)
}

function metadataError(groups: GroupCoordinator, { committedMetadata }: OffsetCommitRequestPartition): ErrorCode {
  const length = committedMetadata?.length ?? 0
  return length > groups.settings.offsetMetadataMaxBytes ? errorCodes.OFFSET_METADATA_TOO_LARGE : errorCodes.NONE
}
