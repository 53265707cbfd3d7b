import type { EpochAssignment } from '../../group/consumer/assignment.ts'
import { ConsumerGroup } from '../../group/consumer/consumer-group.ts'
import { type ConsumerMember, usesClassicProtocol } from '../../group/consumer/consumer-member.ts'
import type { GroupCoordinator } from '../../group/coordinator.ts'
import type { MetadataImage } from '../../metadata/image.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type ConsumerGroupDescribeResponseBody,
  consumerGroupDescribe,
} from '../../protocol/messages/69-consumer-group-describe.ts'
import type { Access } from '../../security/access.ts'
import { operationsNotAsked } from '../authorized-operations.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 0-1, the latter with the protocol that each member speaks. Topics that are gone are left out. */

type DescribedGroup = ConsumerGroupDescribeResponseBody['groups'][number]

const memberTypes = { classic: 0, consumer: 1 } as const

export function consumerGroupDescribeHandler(groups: GroupCoordinator): Handler {
  return handler(consumerGroupDescribe, (request, { access }) => {
    return {
      throttleTimeMs: 0,
      groups: request.groupIds.map((groupId) => {
        if (!access.allows('describe', 'group', groupId)) {
          return undescribed(groupId, errorCodes.GROUP_AUTHORIZATION_FAILED, null)
        }
        const partition = groupId === '' ? errorCodes.INVALID_GROUP_ID : groups.route(groupId)
        if (typeof partition === 'number') return undescribed(groupId, partition, null)
        const group = partition.find(groupId)?.group
        if (group instanceof ConsumerGroup) {
          const shown = described(group, groups.metadata.image)
          if (hasHiddenTopic(shown, access)) {
            return undescribed(groupId, errorCodes.TOPIC_AUTHORIZATION_FAILED, hiddenTopicMessage)
          }
          const authorizedOperations = request.includeAuthorizedOperations
            ? access.authorizedOperations('group', groupId)
            : operationsNotAsked
          return { ...shown, authorizedOperations }
        }
        const problem = group === undefined ? 'not found' : 'is not a consumer group'
        return undescribed(groupId, errorCodes.GROUP_ID_NOT_FOUND, `Group ${groupId} ${problem}.`)
      }),
    }
  })
}

const hiddenTopicMessage = 'The group has described topic(s) that the client is not authorized to describe.'

/** A group that reads what the client may not know of is not shown in part, but not at all. */
function hasHiddenTopic({ members }: DescribedGroup, access: Access): boolean {
  return members.some(({ assignment, targetAssignment, subscribedTopicNames }) => {
    const assigned = [...assignment.topicPartitions, ...targetAssignment.topicPartitions]
    const topics = [...subscribedTopicNames, ...assigned.map(({ topicName }) => topicName)]
    return topics.some((topic) => !access.allows('describe', 'topic', topic))
  })
}

function described(group: ConsumerGroup, image: MetadataImage): DescribedGroup {
  return {
    errorCode: errorCodes.NONE,
    errorMessage: null,
    groupId: group.groupId,
    groupState: group.state,
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.targetEpoch,
    assignorName: group.assignorName,
    members: [...group.members].map((member) => describedMember(group, member, image)),
  }
}

function describedMember(
  group: ConsumerGroup,
  member: ConsumerMember,
  image: MetadataImage,
): DescribedGroup['members'][number] {
  const { memberId, memberEpoch, metadata, assigned, pendingRevocation } = member
  return {
    memberId,
    instanceId: metadata.instanceId,
    rackId: metadata.rackId,
    memberEpoch,
    clientId: metadata.clientId,
    clientHost: metadata.clientHost,
    subscribedTopicNames: metadata.subscribedTopicNames,
    subscribedTopicRegex: metadata.subscribedTopicRegex ?? '',
    assignment: { topicPartitions: named(both(assigned, pendingRevocation), image) },
    targetAssignment: { topicPartitions: named(group.targetOf(memberId), image) },
    memberType: usesClassicProtocol(member) ? memberTypes.classic : memberTypes.consumer,
  }
}

/** What a member still has to give up is its own until it has. */
function both(a: EpochAssignment, b: EpochAssignment): EpochAssignment {
  if (b.size === 0) return a
  const all = new Map(a)
  for (const [topicId, partitions] of b) all.set(topicId, new Map([...(a.get(topicId) ?? []), ...partitions]))
  return all
}

function named(assignment: ReadonlyMap<string, { keys(): Iterable<number> }>, image: MetadataImage) {
  return [...assignment].flatMap(([topicId, partitions]) => {
    const topicName = image.topicsById.get(topicId)?.name
    return topicName === undefined ? [] : [{ topicId, topicName, partitions: [...partitions.keys()] }]
  })
}

function undescribed(groupId: string, errorCode: ErrorCode, errorMessage: string | null): DescribedGroup {
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: '',
    members: [],
  }
}
