import type { GroupCoordinator } from '../../group/coordinator.ts'
import type { ShareGroup, ShareMember } from '../../group/share/share-group.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type ShareGroupDescribeResponseBody,
  shareGroupDescribe,
} from '../../protocol/messages/77-share-group-describe.ts'
import { type Handler, handler, type RequestContext } from '../handler.ts'

/* Version 1. */

type DescribedGroup = ShareGroupDescribeResponseBody['groups'][number]

const assignorName = 'simple'

export function shareGroupDescribeHandler(groups: GroupCoordinator): Handler {
  return handler(shareGroupDescribe, ({ groupIds, includeAuthorizedOperations }, context) => ({
    throttleTimeMs: 0,
    groups: groupIds.map((groupId) => {
      const described = describe(groups, groupId, context)
      if (!includeAuthorizedOperations || described.errorCode !== errorCodes.NONE) return described
      return { ...described, authorizedOperations: context.access.authorizedOperations('group', groupId) }
    }),
  }))
}

function describe(groups: GroupCoordinator, groupId: string, { access }: RequestContext): DescribedGroup {
  if (!groups.metadata.image.features.get('share.version')) return undescribed(groupId, errorCodes.UNSUPPORTED_VERSION)
  if (!access.allows('describe', 'group', groupId)) return undescribed(groupId, errorCodes.GROUP_AUTHORIZATION_FAILED)
  if (groupId === '') return undescribed(groupId, errorCodes.INVALID_GROUP_ID)
  const partition = groups.route(groupId)
  if (typeof partition === 'number') return undescribed(groupId, partition)
  const group = partition.share.find(groupId)
  if (group === undefined) {
    const isOther = partition.find(groupId) !== undefined
    const errorMessage = isOther ? `Group ${groupId} is not a share group.` : `Group ${groupId} not found.`
    return { ...undescribed(groupId, errorCodes.GROUP_ID_NOT_FOUND), errorMessage }
  }
  const members = [...group.members.values()].map((member) => describeMember(groups, member))
  const hidden = members.some(({ subscribedTopicNames }) => {
    return subscribedTopicNames.some((topic) => !access.allows('describe', 'topic', topic))
  })
  if (hidden) return undescribed(groupId, errorCodes.TOPIC_AUTHORIZATION_FAILED)
  return { ...described(group), members }
}

function described({ groupId, state, epoch, assignmentEpoch }: ShareGroup): DescribedGroup {
  return {
    errorCode: errorCodes.NONE,
    groupId,
    groupState: state,
    groupEpoch: epoch,
    assignmentEpoch,
    assignorName,
    members: [],
  }
}

function describeMember({ metadata }: GroupCoordinator, member: ShareMember) {
  const { memberId, epoch: memberEpoch, assigned } = member
  const topicPartitions = assigned.flatMap(({ topicId, partitions }) => {
    const topicName = metadata.image.topicsById.get(topicId)?.name
    return topicName === undefined ? [] : [{ topicId, topicName, partitions }]
  })
  return { memberId, memberEpoch, ...member.metadata, assignment: { topicPartitions } }
}

function undescribed(groupId: string, errorCode: ErrorCode): DescribedGroup {
  return { errorCode, groupId, groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [] }
}
