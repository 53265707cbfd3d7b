import { type BrokerImage, endPointOf } from '../../metadata/broker-image.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import { type CoordinatorBody, findCoordinator } from '../../protocol/messages/10-find-coordinator.ts'
import { type Handler, handler, type RequestContext } from '../handler.ts'

/*
 * Versions 0-6. The first question about a group creates `__consumer_offsets`, the first about a transactional id
 * `__transaction_state`, the first about a share partition `__share_group_state`; clients ask again until it is there.
 */

const keyTypes = { group: 0, transaction: 1, share: 2 } as const
const firstVersionWithShares = 6

/** Whoever finds the coordinators of one kind of key. */
interface Finder {
  findCoordinator(key: string): BrokerImage | undefined
  /** Where not every text can be a key. */
  isKey?(text: string): boolean
}

/** The finders in the order of Kafka's key types: groups, transactional ids, share partitions. */
export function findCoordinatorHandler(...finders: readonly Finder[]): Handler {
  return handler(findCoordinator, (request, context) => {
    const finder = finders[request.keyType]
    if (context.apiVersion >= 4)
      return { coordinators: request.coordinatorKeys.map((key) => find(finder, request.keyType, key, context)) }
    return find(finder, request.keyType, request.key, context)
  })
}

function findDenial(keyType: number, key: string, { access, apiVersion }: RequestContext): ErrorCode | undefined {
  if (keyType === keyTypes.share && apiVersion < firstVersionWithShares) return errorCodes.INVALID_REQUEST
  switch (keyType) {
    case keyTypes.group:
      return access.allows('describe', 'group', key) ? undefined : errorCodes.GROUP_AUTHORIZATION_FAILED
    case keyTypes.transaction:
      if (access.allows('describe', 'transactionalId', key)) return undefined
      return errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
    default:
      return access.allowsOnCluster('clusterAction') ? undefined : errorCodes.CLUSTER_AUTHORIZATION_FAILED
  }
}

function find(finder: Finder | undefined, keyType: number, key: string, context: RequestContext): CoordinatorBody {
  const denial = findDenial(keyType, key, context)
  if (denial !== undefined) return { key, nodeId: -1, host: '', port: -1, errorCode: denial, errorMessage: null }
  if (finder === undefined) {
    const errorMessage = 'This broker has no coordinators of this kind.'
    return { key, nodeId: -1, host: '', port: -1, errorCode: errorCodes.UNSUPPORTED_VERSION, errorMessage }
  }
  if (finder.isKey?.(key) === false) {
    return {
      key,
      nodeId: -1,
      host: '',
      port: -1,
      errorCode: errorCodes.INVALID_REQUEST,
      errorMessage: 'The key is invalid.',
    }
  }
  const broker = finder.findCoordinator(key)
  const endPoint = broker === undefined ? undefined : endPointOf(broker, context.listenerName)
  if (broker === undefined || endPoint === undefined) {
    const errorMessage = 'The coordinator is not available.'
    return { key, nodeId: -1, host: '', port: -1, errorCode: errorCodes.COORDINATOR_NOT_AVAILABLE, errorMessage }
  }
  const { host, port } = endPoint
  return { key, nodeId: broker.id, host, port, errorCode: errorCodes.NONE, errorMessage: null }
}
