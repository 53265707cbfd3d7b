import type { MetadataRecordBody } from '../metadata/records.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { CreateAclsRequest, CreateAclsResponseBody } from '../protocol/messages/30-create-acls.ts'
import type { DeleteAclsRequest, DeleteAclsResponseBody } from '../protocol/messages/31-delete-acls.ts'
import {
  aclOperations,
  aclPatternTypes,
  aclPermissions,
  aclResourceTypes,
  clusterResourceName,
} from '../security/acl-codes.ts'
import { matchesFilter } from '../security/acl-filter.ts'
import type { AclEntry } from '../security/acl-table.ts'
import { parsePrincipal } from '../security/principal.ts'
import type { ControllerState, Decision } from './controller-state.ts'

type Creation = CreateAclsRequest['creations'][number]

/** Each ACL by itself; one that is there already is no error and no record. */
export function createAcls(state: ControllerState, request: CreateAclsRequest): Decision<CreateAclsResponseBody> {
  const known = new Set([...state.image.acls.entries].map(ruleOf))
  const records: MetadataRecordBody[] = []
  const results = request.creations.map((creation) => {
    try {
      validateCreation(creation)
      const { principal, host, operation, permissionType } = creation
      const { resourceType, resourceName, resourcePatternType: patternType } = creation
      const rule = { resourceType, resourceName, patternType, principal, host, operation, permissionType }
      if (!known.has(ruleOf(rule))) {
        known.add(ruleOf(rule))
        // Random as the ids of topics are.
        records.push({ type: 'AccessControlEntryRecord', id: state.newTopicId(), ...rule })
      }
      return { errorCode: errorCodes.NONE, errorMessage: null }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return { errorCode: error.code, errorMessage: error.message }
    }
  })
  return { records, response: { throttleTimeMs: 0, results } }
}

/** Answers each filter with the ACLs that it removed. */
export function deleteAcls(state: ControllerState, request: DeleteAclsRequest): Decision<DeleteAclsResponseBody> {
  const removed = new Set<string>()
  const filterResults = request.filters.map((asked) => {
    const filter = {
      resourceType: asked.resourceTypeFilter,
      resourceName: asked.resourceNameFilter,
      patternType: asked.patternTypeFilter,
      principal: asked.principalFilter,
      host: asked.hostFilter,
      operation: asked.operation,
      permissionType: asked.permissionType,
    }
    const matching = [...state.image.acls.entries].filter((entry) => matchesFilter(filter, entry))
    for (const { id } of matching) removed.add(id)
    const matchingAcls = matching.map(({ id: _, ...rule }) => ({
      errorCode: errorCodes.NONE,
      errorMessage: null,
      ...rule,
    }))
    return { errorCode: errorCodes.NONE, errorMessage: null, matchingAcls }
  })
  const records = [...removed].map((id): MetadataRecordBody => ({ type: 'RemoveAccessControlEntryRecord', id }))
  return { records, response: { throttleTimeMs: 0, filterResults } }
}

function ruleOf(rule: Omit<AclEntry, 'id'>): string {
  const { resourceType, resourceName, patternType, principal, host, operation, permissionType } = rule
  return JSON.stringify([resourceType, resourceName, patternType, principal, host, operation, permissionType])
}

function validateCreation(creation: Creation): void {
  const { resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType } = creation
  requireSpecific(resourceType !== aclResourceTypes.any, 'resourceType')
  const { literal, prefixed } = aclPatternTypes
  requireSpecific(resourcePatternType === literal || resourcePatternType === prefixed, 'patternType')
  requireSpecific(operation !== aclOperations.any, 'operation')
  const { allow, deny } = aclPermissions
  requireSpecific(permissionType === allow || permissionType === deny, 'permissionType')
  if (resourceType === aclResourceTypes.cluster && resourceName !== clusterResourceName) {
    throw invalid(`The only valid name for the CLUSTER resource is ${clusterResourceName}`)
  }
  if (resourceName === '') throw invalid('Resource name should not be empty')
  if (parsePrincipal(principal) === undefined) {
    throw invalid(`expected a string in format principalType:principalName but got ${principal}`)
  }
  if (host === '') throw invalid('Host should not be empty')
}

function requireSpecific(isSpecific: boolean, what: string): void {
  if (!isSpecific) throw invalid(`Invalid ${what}`)
}

function invalid(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_REQUEST, message)
}
