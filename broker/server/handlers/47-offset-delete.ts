import type { GroupCoordinator } from '../../group/coordinator.ts'
import type { Group } from '../../group/group.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type OffsetDeleteRequest,
  type OffsetDeleteResponseBody,
  offsetDelete,
} from '../../protocol/messages/47-offset-delete.ts'
import { type Handler, handler } from '../handler.ts'

/* Version 0. A group with members keeps the offsets of the topics that it reads. */

export function offsetDeleteHandler(groups: GroupCoordinator): Handler {
  return handler(offsetDelete, (request) => deleteOffsets(groups, request))
}

async function deleteOffsets(
  groups: GroupCoordinator,
  { groupId, topics }: OffsetDeleteRequest,
): Promise<OffsetDeleteResponseBody> {
  const isKnown = (topic: string, partition: number) =>
    groups.metadata.image.topics.get(topic)?.partitions[partition] !== undefined
  const partition = groups.routeMember(groupId)
  if (typeof partition === 'number') return refused(partition)
  const hosted = partition.find(groupId)
  if (hosted === undefined) return refused(errorCodes.GROUP_ID_NOT_FOUND)
  const { group, offsets } = hosted
  const hasOffset = (topic: string, index: number) =>
    offsets.find(topic, index) !== undefined || partition.hasPendingOffset(groupId, topic, index)
  const groupError = group.offsetDeleteError()
  if (groupError !== undefined) return refused(groupError)
  const asked = topics.flatMap(({ name, partitions }) => {
    return partitions.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex }))
  })
  const deletable = asked.filter(({ topic, partition: index }) => {
    return isKnown(topic, index) && !group.isSubscribedTo(topic) && hasOffset(topic, index)
  })
  const errorCode = await partition.removeOffsets(groupId, deletable)
  if (errorCode !== errorCodes.NONE) return refused(errorCode)
  return {
    errorCode,
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: isKnown(name, partitionIndex)
          ? subscriptionError(group, name)
          : errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
      })),
    })),
  }
}

function subscriptionError(group: Group, topic: string): ErrorCode {
  return group.isSubscribedTo(topic) ? errorCodes.GROUP_SUBSCRIBED_TO_TOPIC : errorCodes.NONE
}

function refused(errorCode: ErrorCode): OffsetDeleteResponseBody {
  return { errorCode, throttleTimeMs: 0, topics: [] }
}
