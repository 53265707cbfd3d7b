import { aclOperations, aclPatternTypes, aclPermissions, aclResourceTypes } from './acl-codes.ts'
import { type AclEntry, wildcard } from './acl-table.ts'

/** Which ACLs DescribeAcls and DeleteAcls mean. `null` and `any` stand for all. */
export interface AclFilter {
  readonly resourceType: number
  readonly resourceName: string | null
  readonly patternType: number
  readonly principal: string | null
  readonly host: string | null
  readonly operation: number
  readonly permissionType: number
}

export function matchesFilter(filter: AclFilter, entry: AclEntry): boolean {
  return (
    (filter.resourceType === aclResourceTypes.any || filter.resourceType === entry.resourceType) &&
    matchesPattern(filter, entry) &&
    (filter.principal === null || filter.principal === entry.principal) &&
    (filter.host === null || filter.host === entry.host) &&
    (filter.operation === aclOperations.any || filter.operation === entry.operation) &&
    (filter.permissionType === aclPermissions.any || filter.permissionType === entry.permissionType)
  )
}

/** A filter of type `match` finds every pattern that would match the resource of that name (KIP-290). */
function matchesPattern({ resourceName, patternType }: AclFilter, entry: AclEntry): boolean {
  const { any, match, prefixed } = aclPatternTypes
  if (patternType !== any && patternType !== match && patternType !== entry.patternType) return false
  if (resourceName === null) return true
  if (patternType !== match) return resourceName === entry.resourceName
  if (entry.patternType === prefixed) return resourceName.startsWith(entry.resourceName)
  return resourceName === entry.resourceName || entry.resourceName === wildcard
}

/** Kafka's codes for what a filter may hold; another comes from a client of the future, or from none at all. */
export function isKnownFilter(filter: AclFilter): boolean {
  return (
    isKnown(aclResourceTypes, filter.resourceType) &&
    isKnown(aclPatternTypes, filter.patternType) &&
    isKnown(aclOperations, filter.operation) &&
    isKnown(aclPermissions, filter.permissionType)
  )
}

export function isKnownEntry(entry: {
  resourceType: number
  patternType: number
  operation: number
  permissionType: number
}): boolean {
  return isKnownFilter({ ...entry, resourceName: null, principal: null, host: null })
}

function isKnown(codes: Readonly<Record<string, number>>, code: number): boolean {
  return code !== 0 && Object.values(codes).includes(code)
}
