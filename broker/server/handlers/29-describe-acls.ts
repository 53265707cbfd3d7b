import type { MetadataCache } from '../../metadata/cache.ts'
import { errorCodes } from '../../protocol/errors.ts'
import {
  type DescribeAclsRequest,
  type DescribeAclsResponseBody,
  describeAcls,
} from '../../protocol/messages/29-describe-acls.ts'
import { type AclFilter, isKnownFilter, matchesFilter } from '../../security/acl-filter.ts'
import type { AclEntry } from '../../security/acl-table.ts'
import { CloseConnection, handler } from '../handler.ts'
import { securityDisabled } from '../security-disabled.ts'

/* Versions 1-3, from this broker's image: ACLs that were just created are there once their answer is. */

export const describeAclsHandler = (metadata: MetadataCache, hasAuthorizer: boolean) =>
  handler(describeAcls, (request, { access }) => {
    const filter = filterOf(request)
    if (!isKnownFilter(filter)) throw new CloseConnection('A filter holds codes that do not exist')
    if (!access.allowsOnCluster('describe')) return refused({ errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED })
    if (!hasAuthorizer) return refused(securityDisabled)
    const matching = [...metadata.image.acls.entries].filter((entry) => matchesFilter(filter, entry))
    return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, resources: byResource(matching) }
  })

function filterOf(request: DescribeAclsRequest): AclFilter {
  return {
    resourceType: request.resourceTypeFilter,
    resourceName: request.resourceNameFilter,
    patternType: request.patternTypeFilter,
    principal: request.principalFilter,
    host: request.hostFilter,
    operation: request.operation,
    permissionType: request.permissionType,
  }
}

function refused(error: { errorCode: number; errorMessage?: string }): DescribeAclsResponseBody {
  return { throttleTimeMs: 0, errorCode: error.errorCode, errorMessage: error.errorMessage ?? null, resources: [] }
}

function byResource(entries: readonly AclEntry[]) {
  const resources = new Map<
    string,
    { resourceType: number; resourceName: string; patternType: number; acls: AclEntry[] }
  >()
  for (const entry of entries) {
    const { resourceType, resourceName, patternType } = entry
    const key = `${resourceType}:${patternType}:${resourceName}`
    const resource = resources.get(key)
    if (resource === undefined) resources.set(key, { resourceType, resourceName, patternType, acls: [entry] })
    else resource.acls.push(entry)
  }
  return [...resources.values()]
}
