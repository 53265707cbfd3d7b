import type { GroupCoordinator } from '../../group/coordinator.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { type ListedGroupBody, listGroups } from '../../protocol/messages/16-list-groups.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 0-5, with filters by state (v4) and by type (v5). Lists the groups coordinated here. */

export function listGroupsHandler(groups: GroupCoordinator): Handler {
  return handler(listGroups, (request, { access }) => {
    const states = new Set(request.statesFilter.map((state) => state.toLowerCase()))
    const types = new Set(request.typesFilter.map((type) => type.toLowerCase()))
    const mayListAll = access.allowsOnCluster('describe')
    const listed: ListedGroupBody[] = []
    for (const partition of groups.partitions) {
      // A list with holes would pass for a complete one.
      if (partition.unavailability !== undefined) return { errorCode: partition.unavailability, groups: [] }
      for (const { group } of partition.groups) {
        if (states.size > 0 && !states.has(group.state.toLowerCase())) continue
        if (types.size > 0 && !types.has(group.type)) continue
        if (!mayListAll && !access.allows('describe', 'group', group.groupId)) continue
        const { groupId, protocolType = '', state: groupState, type: groupType } = group
        listed.push({ groupId, protocolType, groupState, groupType })
      }
    }
    return { errorCode: errorCodes.NONE, groups: listed }
  })
}
