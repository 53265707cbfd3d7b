import { AclAuthorizer } from './acl-authorizer.ts'
import type { AclTable } from './acl-table.ts'
import { type Authorizer, allowEverything } from './authorizer.ts'
import { ConfigError } from './config-error.ts'
import { parsePrincipal } from './principal.ts'

const standardAuthorizer = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'

type Properties = ReadonlyMap<string, string>

/** Whether ACLs apply. Throws ConfigError for an authorizer that is not served. */
export function hasAuthorizer(properties: Properties): boolean {
  const name = properties.get('authorizer.class.name') ?? ''
  if (name === '') return false
  if (name === standardAuthorizer) return true
  throw new ConfigError(`authorizer.class.name is ${name}: this broker has ${standardAuthorizer}.`)
}

/** Throws ConfigError. */
export function openAuthorizer(properties: Properties, acls: AclTable): Authorizer {
  if (!hasAuthorizer(properties)) return allowEverything
  return new AclAuthorizer({
    acls,
    superUsers: readSuperUsers(properties),
    allowsUnspoken: (properties.get('allow.everyone.if.no.acl.found') ?? 'false').toLowerCase() === 'true',
  })
}

function readSuperUsers(properties: Properties): ReadonlySet<string> {
  const users = (properties.get('super.users') ?? '').split(';').map((user) => user.trim())
  const named = users.filter((user) => user !== '')
  for (const user of named) {
    if (parsePrincipal(user) !== undefined) continue
    throw new ConfigError(`super.users has ${user}: write User:name, several with a semicolon between.`)
  }
  return new Set(named)
}
