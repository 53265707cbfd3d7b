import {
  type AclOperation,
  type AclResourceType,
  aclOperations,
  aclPatternTypes,
  aclPermissions,
  aclResourceTypes,
} from './acl-codes.ts'
import { type AclEntry, type AclTable, wildcard } from './acl-table.ts'
import type { Authorizer, Client } from './authorizer.ts'
import { formatPrincipal } from './principal.ts'

const anyUser = `User:${wildcard}`

/** What may be described by whoever is allowed one of these; a denial denies itself alone. */
const impliesDescribe: ReadonlySet<number> = new Set([
  aclOperations.describe,
  aclOperations.read,
  aclOperations.write,
  aclOperations.delete,
  aclOperations.alter,
])
const impliesDescribeConfigs: ReadonlySet<number> = new Set([aclOperations.describeConfigs, aclOperations.alterConfigs])

/**
 * Kafka's StandardAuthorizer: a denial beats what is allowed, whichever pattern it stands on; what no ACL speaks of is
 * allowed only with `allow.everyone.if.no.acl.found`. The cluster's own brokers and super users are asked nothing.
 */
export class AclAuthorizer implements Authorizer {
  readonly #acls: AclTable
  readonly #superUsers: ReadonlySet<string>
  readonly #allowsUnspoken: boolean

  constructor(options: {
    acls: AclTable
    /** Written as `User:name`. */
    superUsers: ReadonlySet<string>
    /** `allow.everyone.if.no.acl.found` */
    allowsUnspoken: boolean
  }) {
    this.#acls = options.acls
    this.#superUsers = options.superUsers
    this.#allowsUnspoken = options.allowsUnspoken
  }

  isAllowed(client: Client, operation: AclOperation, type: AclResourceType, name: string): boolean {
    const principal = formatPrincipal(client.principal)
    if (client.principal.type === 'Broker' || this.#superUsers.has(principal)) return true
    const operationCode = aclOperations[operation]
    let isSpokenOf = false
    let isAllowed = false
    let isDenied = false
    this.#acls.visitMatching(aclResourceTypes[type], name, (entries) => {
      isSpokenOf = true
      for (const entry of entries) {
        if (!isOf(entry, principal, client.host) || !covers(entry, operationCode)) continue
        if (entry.permissionType === aclPermissions.allow) isAllowed = true
        else isDenied = true
      }
      return !isDenied
    })
    if (isDenied) return false
    return isAllowed || (!isSpokenOf && this.#allowsUnspoken)
  }

  isAllowedSomewhere(client: Client, operation: AclOperation, type: AclResourceType): boolean {
    // A name that no ACL is likely to have: Kafka asks with the same one.
    if (this.isAllowed(client, operation, type, 'hardcode')) return true
    const principal = formatPrincipal(client.principal)
    const operationCode = aclOperations[operation]
    const allowed: AclEntry[] = []
    const denied = { literal: new Set<string>(), prefixed: new Set<string>() }
    for (const entry of this.#acls.ofType(aclResourceTypes[type])) {
      if (!isOf(entry, principal, client.host)) continue
      if (entry.operation !== operationCode && entry.operation !== aclOperations.all) continue
      const { resourceName, patternType } = entry
      if (entry.permissionType === aclPermissions.allow) allowed.push(entry)
      else if (patternType === aclPatternTypes.prefixed) denied.prefixed.add(resourceName)
      else if (resourceName === wildcard) return false
      else denied.literal.add(resourceName)
    }
    return allowed.some(({ resourceName, patternType }) => {
      const isLiteral = patternType === aclPatternTypes.literal
      if (isLiteral && resourceName === wildcard) return true
      if (isLiteral && denied.literal.has(resourceName)) return false
      return ![...denied.prefixed].some((prefix) => resourceName.startsWith(prefix))
    })
  }
}

function isOf(entry: AclEntry, principal: string, host: string): boolean {
  if (entry.principal !== principal && entry.principal !== anyUser) return false
  return entry.host === wildcard || entry.host === host
}

function covers(entry: AclEntry, operation: number): boolean {
  if (entry.operation === aclOperations.all) return true
  if (entry.permissionType === aclPermissions.allow) {
    if (operation === aclOperations.describe) return impliesDescribe.has(entry.operation)
    if (operation === aclOperations.describeConfigs) return impliesDescribeConfigs.has(entry.operation)
  }
  return entry.operation === operation
}
