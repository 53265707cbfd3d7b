import { ClassicGroup } from '../../group/classic/classic-group.ts'
import { type ClassicMember, protocolMetadata } from '../../group/classic/classic-members.ts'
import type { GroupCoordinator } from '../../group/coordinator.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type DescribedGroupBody,
  type DescribedGroupMemberBody,
  describeGroups,
} from '../../protocol/messages/15-describe-groups.ts'
import { operationsNotAsked } from '../authorized-operations.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 0-6. A group that does not exist is Dead; since v6 it is GROUP_ID_NOT_FOUND as well. */

const nothing = Buffer.alloc(0)

export function describeGroupsHandler(groups: GroupCoordinator): Handler {
  return handler(describeGroups, (request, { apiVersion, access }) => {
    return {
      groups: request.groups.map((groupId) => {
        if (!access.allows('describe', 'group', groupId)) {
          return undescribed(groupId, '', errorCodes.GROUP_AUTHORIZATION_FAILED)
        }
        const authorizedOperations = request.includeAuthorizedOperations
          ? access.authorizedOperations('group', groupId)
          : operationsNotAsked
        const partition = groups.route(groupId)
        if (typeof partition === 'number') return undescribed(groupId, '', partition)
        const group = partition.find(groupId)?.group
        if (group instanceof ClassicGroup) return { ...described(group), authorizedOperations }
        if (apiVersion < 6) return { ...undescribed(groupId, 'Dead', errorCodes.NONE), authorizedOperations }
        const errorMessage = `Group ${groupId} ${group === undefined ? 'not found' : 'is not a classic group'}.`
        return { ...undescribed(groupId, 'Dead', errorCodes.GROUP_ID_NOT_FOUND), errorMessage }
      }),
    }
  })
}

function described(group: ClassicGroup): DescribedGroupBody {
  // Metadata belongs to the protocol, which the next generation elects anew.
  const protocolName = group.state === 'Stable' ? group.protocolName : undefined
  return {
    errorCode: errorCodes.NONE,
    groupId: group.groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: protocolName ?? '',
    members: [...group.members].map((member) => describedMember(member, protocolName)),
  }
}

function describedMember(member: ClassicMember, protocolName: string | undefined): DescribedGroupMemberBody {
  const { memberId, groupInstanceId, clientId, clientHost, assignment } = member
  return {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    memberMetadata: protocolName === undefined ? nothing : protocolMetadata(member, protocolName),
    memberAssignment: assignment,
  }
}

function undescribed(groupId: string, groupState: string, errorCode: ErrorCode): DescribedGroupBody {
  return { errorCode, groupId, groupState, protocolType: '', protocolData: '', members: [] }
}
