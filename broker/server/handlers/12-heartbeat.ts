import type { GroupCoordinator } from '../../group/coordinator.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { heartbeat } from '../../protocol/messages/12-heartbeat.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 0-4. */

export function heartbeatHandler(groups: GroupCoordinator): Handler {
  return handler(heartbeat, (request, { access }) => {
    if (!access.allows('read', 'group', request.groupId)) return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED }
    const partition = groups.routeMember(request.groupId)
    // The member is probably fine, and gets a full session once the group is loaded.
    if (partition === errorCodes.COORDINATOR_LOAD_IN_PROGRESS) return { errorCode: errorCodes.NONE }
    return {
      errorCode: typeof partition === 'number' ? partition : partition.classic.heartbeat(request.groupId, request),
    }
  })
}
