import type { GroupCoordinator } from '../../group/coordinator.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { type CoordinatorBody, findCoordinator } from '../../protocol/messages/10-find-coordinator.ts'
import { type Handler, handler } from '../handler.ts'

/*
 * Versions 0-6. The first question about a group creates `__consumer_offsets`; clients ask again until it is there. There
 * are no coordinators of transactions and share groups: Apache Kafka has both.
 */

const groupKeyType = 0

export function findCoordinatorHandler(groups: GroupCoordinator): Handler {
  return handler(findCoordinator, (request, context) => {
    if (context.apiVersion >= 4) {
      return { coordinators: request.coordinatorKeys.map((key) => find(groups, request.keyType, key)) }
    }
    return find(groups, request.keyType, request.key)
  })
}

function find(groups: GroupCoordinator, keyType: number, key: string): CoordinatorBody {
  if (keyType !== groupKeyType) {
    const errorMessage = 'This broker coordinates consumer groups only.'
    return { key, nodeId: -1, host: '', port: -1, errorCode: errorCodes.UNSUPPORTED_VERSION, errorMessage }
  }
  const broker = groups.findCoordinator(key)
  if (broker === undefined) {
    const errorMessage = 'The coordinator is not available.'
    return { key, nodeId: -1, host: '', port: -1, errorCode: errorCodes.COORDINATOR_NOT_AVAILABLE, errorMessage }
  }
  const { id: nodeId, host, port } = broker
  return { key, nodeId, host, port, errorCode: errorCodes.NONE, errorMessage: null }
}
