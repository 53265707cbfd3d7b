import type { GroupCoordinator } from '../../group/coordinator.ts'
import { errorCodes, errorName, KafkaError } from '../../protocol/errors.ts'
import {
  type DescribeShareGroupOffsetsRequest,
  type DescribeShareGroupOffsetsResponseBody,
  describeShareGroupOffsets,
} from '../../protocol/messages/90-describe-share-group-offsets.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import type { ShareRooms } from '../../share/share-rooms.ts'
import { type Handler, handler, type RequestContext } from '../handler.ts'

/*
 * Versions 0-1, with the lag since v1. Where a share partition starts that nobody has read yet is not known: -1. The start
 * is the one last written, before what the last write itself completed; the lag counts that.
 */

type AskedGroup = DescribeShareGroupOffsetsRequest['groups'][number]
type DescribedGroup = DescribeShareGroupOffsetsResponseBody['groups'][number]
type DescribedPartition = DescribedGroup['topics'][number]['partitions'][number]

const unknown = { startOffset: -1, leaderEpoch: 0, lag: -1, errorCode: errorCodes.NONE } as const

export function describeShareGroupOffsetsHandler(groups: GroupCoordinator, shares: ShareRooms): Handler {
  return handler(describeShareGroupOffsets, async (request, context) => {
    const described = request.groups.map((asked) => describeGroup(groups, shares, asked, context))
    return { throttleTimeMs: 0, groups: await Promise.all(described) }
  })
}

async function describeGroup(
  groups: GroupCoordinator,
  shares: ShareRooms,
  { groupId, topics }: AskedGroup,
  { access }: RequestContext,
): Promise<DescribedGroup> {
  const refuse = (errorCode: number, errorMessage = errorName(errorCode)): DescribedGroup => {
    return { groupId, topics: [], errorCode, errorMessage }
  }
  if (!access.allows('describe', 'group', groupId)) return refuse(errorCodes.GROUP_AUTHORIZATION_FAILED)
  const partition = groups.route(groupId)
  if (typeof partition === 'number') return refuse(partition)
  const group = partition.share.find(groupId)
  if (group === undefined) return refuse(errorCodes.GROUP_ID_NOT_FOUND, `Share group ${groupId} not found.`)
  const asked = topics ?? group.states.initializedTopics.map(({ topicName, partitions }) => ({ topicName, partitions }))
  const described = asked.map(async ({ topicName, partitions }) => {
    const topicId = groups.metadata.image.topics.get(topicName)?.id
    const describeOne = async (partitionIndex: number): Promise<DescribedPartition> => {
      if (!access.allows('describe', 'topic', topicName)) return { partitionIndex, ...unauthorized }
      if (topicId === undefined) return { partitionIndex, ...unknown }
      return describePartition(shares, { groupId, topicId, partition: partitionIndex })
    }
    const answers = await Promise.all(partitions.map(describeOne))
    return { topicName, topicId: topicId ?? zeroUuid, partitions: answers }
  })
  // Whoever asks for everything is told of what may be seen.
  const visible = (await Promise.all(described)).filter(({ topicName }) => {
    return topics !== null || access.allows('describe', 'topic', topicName)
  })
  return { groupId, topics: visible, errorCode: errorCodes.NONE, errorMessage: null }
}

const unauthorized = {
  ...unknown,
  errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED,
  errorMessage: errorName(errorCodes.TOPIC_AUTHORIZATION_FAILED),
}

async function describePartition(
  { states, groups, endOffsets }: ShareRooms,
  key: { groupId: string; topicId: string; partition: number },
): Promise<DescribedPartition> {
  const partitionIndex = key.partition
  try {
    const summary = await states.summarize(key)
    if (summary === undefined || summary.startOffset === -1) return { partitionIndex, ...unknown }
    const { startOffset, leaderEpoch, deliveryCompleteCount } = summary
    const isReadCommitted = groups.of(key.groupId).shareIsolationLevel === 'read_committed'
    const endOffset = await endOffsets.find(key.topicId, key.partition, isReadCommitted)
    const isKnown = endOffset !== undefined && deliveryCompleteCount !== -1
    const lag = isKnown ? Math.max(0, endOffset - startOffset - deliveryCompleteCount) : -1
    return { partitionIndex, startOffset, leaderEpoch, lag, errorCode: errorCodes.NONE }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    return { partitionIndex, ...unknown, errorCode: error.code, errorMessage: error.message }
  }
}
