/** Kafka's numbers on the wire and in records. */
export const aclOperations = {
  unknown: 0,
  any: 1,
  all: 2,
  read: 3,
  write: 4,
  create: 5,
  delete: 6,
  alter: 7,
  describe: 8,
  clusterAction: 9,
  describeConfigs: 10,
  alterConfigs: 11,
  idempotentWrite: 12,
  createTokens: 13,
  describeTokens: 14,
  twoPhaseCommit: 15,
} as const

/** What a client can be allowed to do. */
export type AclOperation = Exclude<keyof typeof aclOperations, 'unknown' | 'any' | 'all'>

export const aclResourceTypes = {
  unknown: 0,
  any: 1,
  topic: 2,
  group: 3,
  cluster: 4,
  transactionalId: 5,
  delegationToken: 6,
  user: 7,
} as const

/** What a client can be allowed to do it to. */
export type AclResourceType = Exclude<keyof typeof aclResourceTypes, 'unknown' | 'any'>

export const aclPatternTypes = { unknown: 0, any: 1, match: 2, literal: 3, prefixed: 4 } as const

export const aclPermissions = { unknown: 0, any: 1, deny: 2, allow: 3 } as const

/** The one resource of type `cluster`. */
export const clusterResourceName = 'kafka-cluster'

/** Operations that make sense for each type of resource: what ACLs may name, and what "authorized operations" are taken from. */
export const supportedOperations: Readonly<Record<AclResourceType, readonly AclOperation[]>> = {
  topic: ['read', 'write', 'create', 'delete', 'alter', 'describe', 'describeConfigs', 'alterConfigs'],
  group: ['read', 'delete', 'describe', 'describeConfigs', 'alterConfigs'],
  cluster: ['create', 'alter', 'describe', 'clusterAction', 'describeConfigs', 'alterConfigs', 'idempotentWrite'],
  transactionalId: ['write', 'describe', 'twoPhaseCommit'],
  delegationToken: ['describe'],
  user: ['createTokens', 'describeTokens'],
}
