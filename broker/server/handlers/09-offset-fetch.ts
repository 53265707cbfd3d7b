import type { GroupCoordinator } from '../../group/coordinator.ts'
import type { OffsetClient } from '../../group/group.ts'
import { type GroupOffsets, isOfTopic } from '../../group/offsets.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type OffsetFetchRequestTopic,
  type OffsetFetchResponseBody,
  type OffsetFetchResponsePartitionsBody,
  type OffsetFetchResponseTopicsBody,
  offsetFetch,
} from '../../protocol/messages/09-offset-fetch.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import type { OffsetCommitValue } from '../../protocol/structures/offset-commit-record.ts'
import type { Access } from '../../security/access.ts'
import { type Handler, handler } from '../handler.ts'

/*
 * Versions 1-10. Since v8 many groups in one request, since v10 topics by id. `requireStable` waits for the commits that
 * are being written; for a transaction that has not ended it answers UNSTABLE_OFFSET_COMMIT.
 */

interface Question {
  readonly groupId: string
  /** Null asks for every offset of the group. */
  readonly topics: readonly { name: string; topicId: string; partitionIndexes: readonly number[] }[] | null
  readonly client: OffsetClient
  readonly isStable: boolean
  readonly usesTopicIds: boolean
  readonly access: Access
}

interface Answer {
  readonly errorCode: ErrorCode
  readonly topics: OffsetFetchResponseTopicsBody[]
}

export function offsetFetchHandler(groups: GroupCoordinator): Handler {
  return handler(offsetFetch, async (request, { apiVersion, access }) => {
    const isStable = request.requireStable
    if (apiVersion < 8) {
      const topics = request.topics?.map((topic) => ({ ...topic, topicId: zeroUuid })) ?? null
      const client = { memberId: '', groupInstanceId: null, memberEpoch: -1, apiVersion }
      const answer = await fetch(groups, {
        groupId: request.groupId,
        topics,
        client,
        isStable,
        usesTopicIds: false,
        access,
      })
      return apiVersion === 1 ? withErrorInPartitions(answer, request.topics ?? []) : withNames(answer)
    }
    const usesTopicIds = apiVersion >= 10
    const answers = request.groups.map(async ({ groupId, topics, memberId, memberEpoch }) => {
      const client = { memberId: memberId ?? '', groupInstanceId: null, memberEpoch, apiVersion }
      return { groupId, ...(await fetch(groups, { groupId, topics, client, isStable, usesTopicIds, access })) }
    })
    return { groups: await Promise.all(answers) }
  })
}

async function fetch(groups: GroupCoordinator, question: Question): Promise<Answer> {
  const { groupId, topics, client, isStable, usesTopicIds, access } = question
  if (!access.allows('describe', 'group', groupId))
    return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED, topics: [] }
  const partition = groups.route(groupId)
  if (typeof partition === 'number') return { errorCode: partition, topics: [] }
  const offsets = await partition.fetchOffsets(groupId, client, isStable)
  if (typeof offsets === 'number') return { errorCode: offsets, topics: [] }
  const { image } = groups.metadata
  const isUnstable = (topic: string, index: number) => isStable && partition.hasPendingOffset(groupId, topic, index)
  if (topics === null) {
    return { errorCode: errorCodes.NONE, topics: allTopics(groups, offsets, isUnstable, usesTopicIds, access) }
  }
  return {
    errorCode: errorCodes.NONE,
    topics: topics.map(({ name, topicId, partitionIndexes }) => {
      const knownName = usesTopicIds ? image.topicsById.get(topicId)?.name : name
      return {
        name: knownName ?? name,
        topicId,
        partitions: partitionIndexes.map((partitionIndex) => {
          if (knownName === undefined) return noOffset(partitionIndex, errorCodes.UNKNOWN_TOPIC_ID)
          if (!access.allows('describe', 'topic', knownName)) {
            return noOffset(partitionIndex, errorCodes.TOPIC_AUTHORIZATION_FAILED)
          }
          if (isUnstable(knownName, partitionIndex)) return noOffset(partitionIndex, errorCodes.UNSTABLE_OFFSET_COMMIT)
          const value = offsets?.find(knownName, partitionIndex)
          return value !== undefined && isOfTopic(value, topicId)
            ? committedOffset(partitionIndex, value)
            : noOffset(partitionIndex, errorCodes.NONE)
        }),
      }
    }),
  }
}

function allTopics(
  groups: GroupCoordinator,
  offsets: GroupOffsets | undefined,
  isUnstable: (topic: string, partition: number) => boolean,
  usesTopicIds: boolean,
  access: Access,
): OffsetFetchResponseTopicsBody[] {
  const topics: OffsetFetchResponseTopicsBody[] = []
  for (const [name, partitions] of offsets?.topics ?? []) {
    if (!access.allows('describe', 'topic', name)) continue
    const topicId = groups.metadata.image.topics.get(name)?.id
    // A topic without an id could not be named in the answer.
    if (usesTopicIds && topicId === undefined) continue
    topics.push({
      name,
      topicId: topicId ?? zeroUuid,
      partitions: [...partitions].map(([partitionIndex, value]) => {
        return isUnstable(name, partitionIndex)
          ? noOffset(partitionIndex, errorCodes.UNSTABLE_OFFSET_COMMIT)
          : committedOffset(partitionIndex, value)
      }),
    })
  }
  return topics
}

function committedOffset(partitionIndex: number, value: OffsetCommitValue): OffsetFetchResponsePartitionsBody {
  return {
    partitionIndex,
    committedOffset: value.offset,
    committedLeaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    errorCode: errorCodes.NONE,
  }
}

function noOffset(partitionIndex: number, errorCode: ErrorCode): OffsetFetchResponsePartitionsBody {
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode }
}

function withNames({ errorCode, topics }: Answer): OffsetFetchResponseBody {
  return { errorCode, topics: topics.map(({ name, partitions }) => ({ name: name ?? '', partitions })) }
}

/** Version 1 has no place for the group's error but its partitions. */
function withErrorInPartitions(answer: Answer, asked: readonly OffsetFetchRequestTopic[]): OffsetFetchResponseBody {
  if (answer.errorCode === errorCodes.NONE) return withNames(answer)
  return {
    topics: asked.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => noOffset(partitionIndex, answer.errorCode)),
    })),
  }
}
