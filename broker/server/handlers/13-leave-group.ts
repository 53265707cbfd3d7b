import type { GroupCoordinator } from '../../group/coordinator.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { leaveGroup } from '../../protocol/messages/13-leave-group.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 0-5. Up to v2 one member leaves and its error is the response's. */

export function leaveGroupHandler(groups: GroupCoordinator): Handler {
  return handler(leaveGroup, async (request, context) => {
    const { groupId, memberId } = request
    if (!context.access.allows('read', 'group', groupId)) return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED }
    const partition = groups.routeMember(groupId)
    if (typeof partition === 'number') return { errorCode: partition }
    if (context.apiVersion >= 3) {
      return { errorCode: errorCodes.NONE, members: await partition.classic.leave(groupId, request.members) }
    }
    const [member] = await partition.classic.leave(groupId, [{ memberId, groupInstanceId: null, reason: null }])
    return { errorCode: member?.errorCode ?? errorCodes.NONE }
  })
}
