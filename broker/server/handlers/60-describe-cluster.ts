import { endPointOf } from '../../metadata/broker-image.ts'
import type { MetadataCache } from '../../metadata/cache.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { describeCluster } from '../../protocol/messages/60-describe-cluster.ts'
import { operationsNotAsked } from '../authorized-operations.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 0-2, for brokers. Controllers have no address of their own for clients, so asking for them is refused. */

const endpointTypes = { brokers: 1, controllers: 2 } as const

export function describeClusterHandler(cache: MetadataCache): Handler {
  return handler(describeCluster, (request, { listenerName, access }) => {
    const { image } = cache
    if (request.endpointType !== endpointTypes.brokers) {
      const isKnown = request.endpointType === endpointTypes.controllers
      return {
        throttleTimeMs: 0,
        errorCode: isKnown ? errorCodes.MISMATCHED_ENDPOINT_TYPE : errorCodes.UNSUPPORTED_ENDPOINT_TYPE,
        errorMessage: `This listener serves brokers; endpoint type ${request.endpointType} is not served here.`,
        clusterId: '',
        brokers: [],
      }
    }
    const brokers = [...image.brokers.values()]
    const shown = request.includeFencedBrokers ? brokers : brokers.filter((broker) => !broker.isFenced)
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes.NONE,
      clusterId: image.clusterId,
      controllerId: cache.reachableControllerId,
      brokers: shown.flatMap((broker) => {
        const endPoint = endPointOf(broker, listenerName)
        if (endPoint === undefined) return []
        const { id: brokerId, rack, isFenced } = broker
        return [{ brokerId, host: endPoint.host, port: endPoint.port, rack, isFenced }]
      }),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? access.authorizedClusterOperations()
        : operationsNotAsked,
    }
  })
}
