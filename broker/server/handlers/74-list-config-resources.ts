import type { MetadataCache } from '../../metadata/cache.ts'
import { configResource } from '../../metadata/config-resource.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { type ConfigResourceBody, listConfigResources } from '../../protocol/messages/74-list-config-resources.ts'
import { handler } from '../handler.ts'

/* Versions 0-1. Version 0 asks for client metrics, of which there are none. */

const supportedTypes: ReadonlySet<number> = new Set(Object.values(configResource))

export const listConfigResourcesHandler = (metadata: MetadataCache) =>
  handler(listConfigResources, (request, { apiVersion, access }) => {
    if (!access.allowsOnCluster('describeConfigs')) {
      return { throttleTimeMs: 0, errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, configResources: [] }
    }
    if (apiVersion === 0) return { throttleTimeMs: 0, errorCode: errorCodes.NONE, configResources: [] }
    const types = request.resourceTypes.length === 0 ? [...supportedTypes] : [...new Set(request.resourceTypes)]
    if (types.some((type) => !supportedTypes.has(type))) {
      return { throttleTimeMs: 0, errorCode: errorCodes.UNSUPPORTED_VERSION, configResources: [] }
    }
    const configResources = types.flatMap((type) => listResources(metadata, type))
    return { throttleTimeMs: 0, errorCode: errorCodes.NONE, configResources }
  })

function listResources({ image }: MetadataCache, resourceType: number): ConfigResourceBody[] {
  switch (resourceType) {
    case configResource.topic:
      return [...image.topics.keys()].map((resourceName) => ({ resourceName, resourceType }))
    case configResource.broker:
    case configResource.brokerLogger:
      return [...image.brokers.values()]
        .filter((broker) => !broker.isFenced)
        .map((broker) => ({ resourceName: String(broker.id), resourceType }))
    case configResource.group:
      return image.listConfigured(resourceType).map((resourceName) => ({ resourceName, resourceType }))
    default:
      return []
  }
}
