import { syncFailure } from '../../group/classic/classic-answer.ts'
import type { GroupCoordinator } from '../../group/coordinator.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { syncGroup } from '../../protocol/messages/14-sync-group.ts'
import { type Handler, handler } from '../handler.ts'

/*
 * Versions 0-5. While the group is being loaded the answer is REBALANCE_IN_PROGRESS, where Apache Kafka 4 says
 * COORDINATOR_LOAD_IN_PROGRESS: its own consumer takes that for a fatal error, and the rebalance is lost either way.
 */

export function syncGroupHandler(groups: GroupCoordinator): Handler {
  return handler(syncGroup, async (request, context) => {
    const { groupId } = request
    if (!context.access.allows('read', 'group', groupId)) return syncFailure(errorCodes.GROUP_AUTHORIZATION_FAILED)
    const partition = groups.routeMember(groupId)
    if (partition === errorCodes.COORDINATOR_LOAD_IN_PROGRESS) return syncFailure(errorCodes.REBALANCE_IN_PROGRESS)
    if (typeof partition === 'number') return syncFailure(partition)
    // Since v5 a member says what it was told, and must.
    if (context.apiVersion >= 5 && (request.protocolType === null || request.protocolName === null)) {
      return syncFailure(errorCodes.INCONSISTENT_GROUP_PROTOCOL)
    }
    const assignments = request.assignments.map(({ memberId, assignment }) => {
      return { memberId, assignment: Buffer.from(assignment) }
    })
    return partition.classic.sync(groupId, { ...request, assignments })
  })
}
