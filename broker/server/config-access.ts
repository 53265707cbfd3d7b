import { configResource } from '../metadata/config-resource.ts'
import { KafkaError } from '../protocol/errors.ts'
import type { Access } from '../security/access.ts'

/** Configs of topics and groups are theirs, all others the cluster's. Throws KafkaError. */
export function requireConfigAccess(
  access: Access,
  operation: 'describeConfigs' | 'alterConfigs',
  { resourceType, resourceName }: ConfigResourceName,
): void {
  if (resourceType === configResource.topic) access.require(operation, 'topic', resourceName)
  else if (resourceType === configResource.group) access.require(operation, 'group', resourceName)
  else access.requireOnCluster(operation)
}

interface ConfigResourceName {
  readonly resourceType: number
  readonly resourceName: string
}

/** The resources whose configs the client may alter, and the answers for the others. */
export function allowedResources<Resource extends ConfigResourceName>(resources: readonly Resource[], access: Access) {
  const allowed: Resource[] = []
  const refusals: (ConfigResourceName & { errorCode: number; errorMessage: string | null })[] = []
  for (const resource of resources) {
    try {
      requireConfigAccess(access, 'alterConfigs', resource)
      allowed.push(resource)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      const { resourceType, resourceName } = resource
      refusals.push({ resourceType, resourceName, errorCode: error.code, errorMessage: error.message })
    }
  }
  return { allowed, refusals }
}
