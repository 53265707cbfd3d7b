import type { MetadataCache } from '../../metadata/cache.ts'
import { features } from '../../metadata/features.ts'
import { apiKeys } from '../../protocol/api-keys.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { apiVersions } from '../../protocol/messages/18-api-versions.ts'
import type { Api } from '../../protocol/schema.ts'
import { type Handler, handler } from '../handler.ts'

/*
 * Versions 0-4. What is listed is what the listener serves, taken from its handlers. Features are
 * those of metadata/features.ts; one at level 0 is not in use, and left out of the finalized ones as in Kafka.
 */

const clientName = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

export function apiVersionsHandler(served: { readonly apis: readonly Api[] }, metadata: MetadataCache): Handler {
  return handler(apiVersions, (request, context) => {
    const isNamed = clientName.test(request.clientSoftwareName) && clientName.test(request.clientSoftwareVersion)
    if (context.apiVersion >= 3 && !isNamed) return { errorCode: errorCodes.INVALID_REQUEST, apiKeys: [] }
    const finalized = [...metadata.image.features].filter(([, level]) => level > 0)
    return {
      errorCode: errorCodes.NONE,
      apiKeys: served.apis.map(rangeOf),
      supportedFeatures: supportedFeatures.filter(isReadableBy(context.apiVersion)),
      finalizedFeaturesEpoch: metadata.offset - 1,
      finalizedFeatures: finalized.map(([name, level]) => ({ name, minVersionLevel: level, maxVersionLevel: level })),
    }
  })
}

const supportedFeatures = Object.entries(features).map(([name, { min, max }]) => {
  return { name, minVersion: min, maxVersion: max }
})

/** Clients before version 4 fail on a feature whose least level is 0 (KAFKA-17011). */
function isReadableBy(apiVersion: number) {
  return ({ minVersion }: { minVersion: number }) => apiVersion >= 4 || minVersion > 0
}

function rangeOf(api: Api) {
  // Old librdkafka sends nothing compressed unless Produce 0 is offered, although Kafka refuses it (KAFKA-18659).
  const minVersion = api.key === apiKeys.produce ? 0 : api.versions.min
  return { apiKey: api.key, minVersion, maxVersion: api.versions.max }
}
