import type { GroupCoordinator } from '../../group/coordinator.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { deleteGroups } from '../../protocol/messages/42-delete-groups.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 0-2. Only groups without members are deleted, with their offsets. */

export function deleteGroupsHandler(groups: GroupCoordinator): Handler {
  return handler(deleteGroups, async (request, { access }) => {
    const results = request.groupsNames.map(async (groupId) => {
      if (!access.allows('delete', 'group', groupId)) {
        return { groupId, errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED }
      }
      const partition = groups.route(groupId)
      return { groupId, errorCode: typeof partition === 'number' ? partition : await partition.deleteGroup(groupId) }
    })
    return { throttleTimeMs: 0, results: await Promise.all(results) }
  })
}
