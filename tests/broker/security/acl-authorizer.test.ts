import { describe, expect, test } from 'vitest'
import { AclAuthorizer } from '../../../broker/security/acl-authorizer.ts'
import {
  type AclOperation,
  aclOperations,
  aclPatternTypes,
  aclPermissions,
  aclResourceTypes,
} from '../../../broker/security/acl-codes.ts'
import { AclTable } from '../../../broker/security/acl-table.ts'

/** `allow User:alice from * read literal:orders` */
type Rule =
  `${'allow' | 'deny'} ${string} from ${string} ${keyof typeof aclOperations} ${'literal' | 'prefixed'}:${string}`

function authorizer(rules: readonly Rule[], options: { superUsers?: string[]; allowsUnspoken?: boolean } = {}) {
  const acls = new AclTable()
  for (const [index, rule] of rules.entries()) {
    const [permission = '', principal = '', , host = '', operation = '', pattern = ''] = rule.split(' ')
    const [patternType = '', resourceName = ''] = pattern.split(':')
    acls.put({
      id: Buffer.alloc(16, index + 1).toString('base64url'),
      resourceType: aclResourceTypes.topic,
      resourceName,
      patternType: patternType === 'prefixed' ? aclPatternTypes.prefixed : aclPatternTypes.literal,
      principal,
      host,
      operation: aclOperations[operation as keyof typeof aclOperations],
      permissionType: permission === 'allow' ? aclPermissions.allow : aclPermissions.deny,
    })
  }
  const { superUsers = [], allowsUnspoken = false } = options
  return { acls, decides: new AclAuthorizer({ acls, superUsers: new Set(superUsers), allowsUnspoken }) }
}

function may(rules: readonly Rule[], operation: AclOperation, topic: string, host = '10.0.0.1'): boolean {
  const client = { principal: { type: 'User', name: 'alice' }, host }
  return authorizer(rules).decides.isAllowed(client, operation, 'topic', topic)
}

describe('an authorizer by ACLs', () => {
  test.each<[boolean, readonly Rule[], AclOperation, string, string?]>([
    [false, [], 'read', 'orders'],
    [true, ['allow User:alice from * read literal:orders'], 'read', 'orders'],
    [false, ['allow User:alice from * read literal:orders'], 'read', 'orders2'],
    [false, ['allow User:alice from * read literal:orders'], 'write', 'orders'],
    [false, ['allow User:bob from * read literal:orders'], 'read', 'orders'],
    [true, ['allow User:* from * read literal:orders'], 'read', 'orders'],
    [true, ['allow User:alice from * all literal:orders'], 'alterConfigs', 'orders'],
    [true, ['allow User:alice from * read prefixed:ord'], 'read', 'orders'],
    [true, ['allow User:alice from * read prefixed:orders'], 'read', 'orders'],
    [false, ['allow User:alice from * read prefixed:orders'], 'read', 'order'],
    [true, ['allow User:alice from * read literal:*'], 'read', 'orders'],
    [false, ['allow User:alice from * read prefixed:*'], 'read', 'orders'],
    [true, ['allow User:alice from 10.0.0.1 read literal:orders'], 'read', 'orders'],
    [false, ['allow User:alice from 10.0.0.2 read literal:orders'], 'read', 'orders'],
    // Whoever may do something with a topic may see it; whoever may not do it need not be blind.
    [true, ['allow User:alice from * read literal:orders'], 'describe', 'orders'],
    [true, ['allow User:alice from * write literal:orders'], 'describe', 'orders'],
    [true, ['allow User:alice from * delete literal:orders'], 'describe', 'orders'],
    [true, ['allow User:alice from * alter literal:orders'], 'describe', 'orders'],
    [false, ['allow User:alice from * create literal:orders'], 'describe', 'orders'],
    [true, ['allow User:alice from * alterConfigs literal:orders'], 'describeConfigs', 'orders'],
    [false, ['allow User:alice from * alterConfigs literal:orders'], 'describe', 'orders'],
    [
      true,
      ['allow User:alice from * describe literal:orders', 'deny User:alice from * read literal:orders'],
      'describe',
      'orders',
    ],
    // A denial wins, wherever it stands.
    [false, ['allow User:alice from * read literal:orders', 'deny User:* from * read prefixed:ord'], 'read', 'orders'],
    [false, ['allow User:alice from * read prefixed:ord', 'deny User:alice from * all literal:*'], 'read', 'orders'],
    [
      true,
      ['allow User:alice from * read literal:orders', 'deny User:alice from 10.0.0.2 read literal:orders'],
      'read',
      'orders',
    ],
  ])('says %s to %j for %s on %s', (expected, rules, operation, topic) => {
    expect(may(rules, operation, topic)).toBe(expected)
  })

  test('asks super users and brokers nothing', () => {
    const { decides } = authorizer(['deny User:* from * all literal:*'], { superUsers: ['User:root'] })
    const asks = (type: string, name: string) =>
      decides.isAllowed({ principal: { type, name }, host: '' }, 'alter', 'topic', 'orders')
    expect(asks('User', 'root')).toBe(true)
    expect(asks('Broker', '1')).toBe(true)
    expect(asks('User', 'Broker:1')).toBe(false)
    expect(asks('User', 'alice')).toBe(false)
  })

  test('allows what no ACL speaks of only when it is told to', () => {
    const rules: Rule[] = ['allow User:bob from * read literal:orders']
    const client = { principal: { type: 'User', name: 'alice' }, host: '' }
    const { decides } = authorizer(rules, { allowsUnspoken: true })
    expect(decides.isAllowed(client, 'read', 'topic', 'payments')).toBe(true)
    expect(decides.isAllowed(client, 'read', 'topic', 'orders')).toBe(false)
  })

  test('forgets what is removed', () => {
    const { acls, decides } = authorizer(['allow User:alice from * read prefixed:ord'])
    const client = { principal: { type: 'User', name: 'alice' }, host: '' }
    expect(decides.isAllowed(client, 'read', 'topic', 'orders')).toBe(true)
    for (const { id } of [...acls.entries]) acls.remove(id)
    expect(decides.isAllowed(client, 'read', 'topic', 'orders')).toBe(false)
    expect(acls.size).toBe(0)
  })

  test.each<[boolean, readonly Rule[]]>([
    [false, []],
    [true, ['allow User:alice from * write literal:orders']],
    [false, ['allow User:alice from * read literal:orders']],
    [true, ['allow User:* from * all prefixed:o']],
    [false, ['allow User:alice from * write literal:orders', 'deny User:alice from * write literal:orders']],
    [false, ['allow User:alice from * write literal:orders', 'deny User:alice from * all prefixed:ord']],
    [true, ['allow User:alice from * write prefixed:orders', 'deny User:alice from * write literal:orders']],
    [false, ['allow User:alice from * write literal:*', 'deny User:alice from * write literal:*']],
    [true, ['allow User:alice from * write literal:*', 'deny User:alice from * write prefixed:o']],
  ])('says %s to whether there is any topic to write to with %j', (expected, rules) => {
    const client = { principal: { type: 'User', name: 'alice' }, host: '10.0.0.1' }
    expect(authorizer(rules).decides.isAllowedSomewhere(client, 'write', 'topic')).toBe(expected)
  })
})
