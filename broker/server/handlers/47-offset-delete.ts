import type { GroupCoordinator } from '../../group/coordinator.ts'
import type { Group } from '../../group/group.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type OffsetDeleteRequest,
  type OffsetDeleteResponseBody,
  offsetDelete,
} from '../../protocol/messages/47-offset-delete.ts'
import type { Access } from '../../security/access.ts'
import { type Handler, handler } from '../handler.ts'

/* Version 0. A group with members keeps the offsets of the topics that it reads. */

export function offsetDeleteHandler(groups: GroupCoordinator): Handler {
  return handler(offsetDelete, (request, { access }) => deleteOffsets(groups, request, access))
}

async function deleteOffsets(
  groups: GroupCoordinator,
  { groupId, topics }: OffsetDeleteRequest,
  access: Access,
): Promise<OffsetDeleteResponseBody> {
  if (!access.allows('delete', 'group', groupId)) return refused(errorCodes.GROUP_AUTHORIZATION_FAILED)
  const isAllowed = (topic: string) => access.allows('read', 'topic', topic)
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
    return isAllowed(topic) && isKnown(topic, index) && !group.isSubscribedTo(topic) && hasOffset(topic, index)
  })
  const partitionError = (topic: string, index: number): ErrorCode => {
    if (!isAllowed(topic)) return errorCodes.TOPIC_AUTHORIZATION_FAILED
    return isKnown(topic, index) ? subscriptionError(group, topic) : errorCodes.UNKNOWN_TOPIC_OR_PARTITION
  }
  const errorCode = await partition.removeOffsets(groupId, deletable)
  if (errorCode !== errorCodes.NONE) return refused(errorCode)
  return {
    errorCode,
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: partitionError(name, partitionIndex),
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
