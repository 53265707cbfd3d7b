import type { MetadataCache } from '../../metadata/cache.ts'
import type { MetadataImage } from '../../metadata/image.ts'
import type { TopicImage } from '../../metadata/topic-image.ts'
import { findTopicNameFault, internalTopics } from '../../metadata/topic-name.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponseBody,
  describeTopicPartitions,
} from '../../protocol/messages/75-describe-topic-partitions.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import type { Access } from '../../security/access.ts'
import { CloseConnection, type Handler, handler } from '../handler.ts'

/* Version 0. Topics come sorted by name, at most 2000 partitions an answer, and a cursor says where to go on. */

/** `max.request.partition.size.limit` */
const partitionsPerResponseMax = 2_000

type ResponseTopic = DescribeTopicPartitionsResponseBody['topics'][number]

export function describeTopicPartitionsHandler(cache: MetadataCache): Handler {
  return handler(describeTopicPartitions, (request, { access }) => {
    if (request.cursor !== null && request.cursor.partitionIndex < 0) {
      throw new CloseConnection('A cursor cannot point below partition 0')
    }
    return describePage(request, cache.image, access)
  })
}

function describePage(
  request: DescribeTopicPartitionsRequest,
  image: MetadataImage,
  access: Access,
): DescribeTopicPartitionsResponseBody {
  const { cursor } = request
  let room = Math.min(Math.max(request.responsePartitionLimit, 1), partitionsPerResponseMax)
  const topics: ResponseTopic[] = []
  const isAll = request.topics.length === 0
  for (const name of namesFrom(request, image)) {
    const isAllowed = access.allows('describe', 'topic', name)
    if (isAll && !isAllowed) continue
    if (room === 0) return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: 0 } }
    if (!isAllowed) {
      topics.push(refusal(name, errorCodes.TOPIC_AUTHORIZATION_FAILED))
      continue
    }
    const topic = image.topics.get(name)
    if (topic === undefined) {
      const topicAuthorizedOperations = access.authorizedOperations('topic', name)
      topics.push({ ...refusal(name, unknownTopicError(name)), topicAuthorizedOperations })
      continue
    }
    const from = cursor?.topicName === name ? cursor.partitionIndex : 0
    const partitions = describePartitions(topic, image, from, room)
    room -= partitions.length
    topics.push({
      errorCode: errorCodes.NONE,
      name,
      topicId: topic.id,
      isInternal: internalTopics.has(name),
      partitions,
      topicAuthorizedOperations: access.authorizedOperations('topic', name),
    })
    const next = from + partitions.length
    if (next < topic.partitions.length) {
      return { throttleTimeMs: 0, topics, nextCursor: { topicName: name, partitionIndex: next } }
    }
  }
  return { throttleTimeMs: 0, topics }
}

function namesFrom(request: DescribeTopicPartitionsRequest, image: MetadataImage): string[] {
  const asked = request.topics.length === 0 ? [...image.topics.keys()] : request.topics.map(({ name }) => name)
  const first = request.cursor?.topicName
  return [...new Set(asked)].filter((name) => first === undefined || name >= first).sort()
}

function unknownTopicError(name: string): ErrorCode {
  const isLegal = findTopicNameFault(name) === undefined
  return isLegal ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : errorCodes.INVALID_TOPIC_EXCEPTION
}

function refusal(name: string, errorCode: ErrorCode): ResponseTopic {
  return { errorCode, name, topicId: zeroUuid, isInternal: internalTopics.has(name), partitions: [] }
}

function describePartitions(topic: TopicImage, image: MetadataImage, from: number, count: number) {
  return topic.partitions.slice(from, from + count).map((partition, index) => {
    const hasLeader = image.isUnfenced(partition.leader)
    return {
      errorCode: hasLeader ? errorCodes.NONE : errorCodes.LEADER_NOT_AVAILABLE,
      partitionIndex: from + index,
      leaderId: hasLeader ? partition.leader : -1,
      leaderEpoch: partition.leaderEpoch,
      replicaNodes: partition.replicas,
      isrNodes: partition.isr,
      eligibleLeaderReplicas: partition.eligibleLeaderReplicas,
      lastKnownElr: partition.lastKnownElr,
      offlineReplicas: partition.replicas.filter((broker) => !image.isUnfenced(broker)),
    }
  })
}
