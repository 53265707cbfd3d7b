/** Who a client is. What users authenticate as is a `User`; the cluster's own brokers are of type `Broker`. */
export interface Principal {
  readonly type: string
  readonly name: string
}

export const anonymous: Principal = { type: 'User', name: 'ANONYMOUS' }

/** As it is written in ACLs and in `super.users`. */
export function formatPrincipal({ type, name }: Principal): string {
  return `${type}:${name}`
}

/** Undefined for a text that is not `type:name`. A name may hold colons itself. */
export function parsePrincipal(text: string): Principal | undefined {
  const colon = text.indexOf(':')
  if (colon <= 0 || colon === text.length - 1) return undefined
  return { type: text.slice(0, colon), name: text.slice(colon + 1) }
}
