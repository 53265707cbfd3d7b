import type { AclOperation, AclResourceType } from './acl-codes.ts'
import type { Principal } from './principal.ts'

/** Who asks, and from which address. */
export interface Client {
  readonly principal: Principal
  readonly host: string
}

/** Decides what a client may do. */
export interface Authorizer {
  isAllowed(client: Client, operation: AclOperation, type: AclResourceType, name: string): boolean

  /** Whether there is any resource of the type, existing or not, that the client may do it to. */
  isAllowedSomewhere(client: Client, operation: AclOperation, type: AclResourceType): boolean
}

/** What a broker without `authorizer.class.name` has. */
export const allowEverything: Authorizer = {
  isAllowed: () => true,
  isAllowedSomewhere: () => true,
}
