import type { ClientQuotaTable, QuotaEntity } from '../../security/client-quota-table.ts'

export interface QuotaClient {
  readonly user: string
  readonly clientId: string
}

export type ClientQuota =
  | 'producer_byte_rate'
  | 'consumer_byte_rate'
  | 'request_percentage'
  | 'controller_mutation_rate'

export interface QuotaLimit {
  readonly perSecond: number
  /** Names all that share the limit: every client of a user whose quota names no client. */
  readonly sharedBy: string
}

/** A process that is asked by ever new client ids must not remember them all. */
const rememberedMax = 10_000

/** The limit that applies to a client, found in Kafka's order: the most specific entity that has such a quota. */
export class QuotaLimits {
  readonly #table: ClientQuotaTable
  readonly #found = new Map<string, QuotaLimit | undefined>()
  #version = -1

  constructor(table: ClientQuotaTable) {
    this.#table = table
  }

  find(quota: ClientQuota, client: QuotaClient): QuotaLimit | undefined {
    if (this.#version !== this.#table.version || this.#found.size >= rememberedMax) this.#found.clear()
    this.#version = this.#table.version
    const key = `${quota}\0${client.user}\0${client.clientId}`
    if (this.#found.has(key)) return this.#found.get(key)
    const limit = this.#resolve(quota, client)
    this.#found.set(key, limit)
    return limit
  }

  #resolve(quota: ClientQuota, { user, clientId }: QuotaClient): QuotaLimit | undefined {
    for (const ofUser of [user, null, undefined]) {
      for (const ofClient of [clientId, null, undefined]) {
        const perSecond = this.#table.value(entityOf(ofUser, ofClient), quota)
        if (perSecond === undefined) continue
        const sharedBy = JSON.stringify([
          quota,
          ofUser === undefined ? null : user,
          ofClient === undefined ? null : clientId,
        ])
        return { perSecond, sharedBy }
      }
    }
    return undefined
  }
}

function entityOf(user: string | null | undefined, clientId: string | null | undefined): QuotaEntity {
  const entity = new Map<string, string | null>()
  if (user !== undefined) entity.set('user', user)
  if (clientId !== undefined) entity.set('client-id', clientId)
  return entity
}
