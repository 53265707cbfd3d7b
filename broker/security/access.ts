import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import {
  type AclOperation,
  type AclResourceType,
  aclOperations,
  clusterResourceName,
  supportedOperations,
} from './acl-codes.ts'
import { type Authorizer, allowEverything, type Client } from './authorizer.ts'
import { anonymous } from './principal.ts'

/** What one client may do. Handlers have it as `context.access`. */
export class Access {
  readonly client: Client
  readonly #authorizer: Authorizer

  constructor(authorizer: Authorizer, client: Client) {
    this.#authorizer = authorizer
    this.client = client
  }

  allows(operation: AclOperation, type: AclResourceType, name: string): boolean {
    return this.#authorizer.isAllowed(this.client, operation, type, name)
  }

  allowsOnCluster(operation: AclOperation): boolean {
    return this.allows(operation, 'cluster', clusterResourceName)
  }

  allowsSomewhere(operation: AclOperation, type: AclResourceType): boolean {
    return this.#authorizer.isAllowedSomewhere(this.client, operation, type)
  }

  /** Throws KafkaError with the code that Kafka has for the type of resource. */
  require(operation: AclOperation, type: AclResourceType, name: string): void {
    if (this.allows(operation, type, name)) return
    const { code, message } = refusals[type]
    throw new KafkaError(code, message)
  }

  requireOnCluster(operation: AclOperation): void {
    this.require(operation, 'cluster', clusterResourceName)
  }

  /** The bit set of AclOperation codes that clients may ask for as "authorized operations". */
  authorizedOperations(type: AclResourceType, name: string): number {
    let set = 0
    for (const operation of supportedOperations[type]) {
      if (this.allows(operation, type, name)) set |= 1 << aclOperations[operation]
    }
    return set
  }

  /** None for whoever may not describe the cluster. */
  authorizedClusterOperations(): number {
    if (!this.allowsOnCluster('describe')) return 0
    return this.authorizedOperations('cluster', clusterResourceName)
  }
}

const refusals: Readonly<Record<AclResourceType, { code: ErrorCode; message: string }>> = {
  topic: { code: errorCodes.TOPIC_AUTHORIZATION_FAILED, message: 'Topic authorization failed.' },
  group: { code: errorCodes.GROUP_AUTHORIZATION_FAILED, message: 'Group authorization failed.' },
  cluster: { code: errorCodes.CLUSTER_AUTHORIZATION_FAILED, message: 'Cluster authorization failed.' },
  transactionalId: {
    code: errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    message: 'Transactional Id authorization failed.',
  },
  delegationToken: {
    code: errorCodes.DELEGATION_TOKEN_AUTHORIZATION_FAILED,
    message: 'Delegation Token authorization failed.',
  },
  user: { code: errorCodes.DELEGATION_TOKEN_AUTHORIZATION_FAILED, message: 'Delegation Token authorization failed.' },
}

/** A connection on which nobody has said who they are, to a broker that asks nobody. */
export function anonymousAccess(host: string): Access {
  return new Access(allowEverything, { principal: anonymous, host })
}
