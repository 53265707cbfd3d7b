import type { ClientQuotaRecord } from '../protocol/structures/client-quota-record.ts'

/** Whom a quota is for: a name a type; `null` is the default of those that have none of their own. */
export type QuotaEntity = ReadonlyMap<string, string | null>

export interface ClientQuotas {
  readonly entity: QuotaEntity
  /** By the quota's key, such as `producer_byte_rate`. */
  readonly values: ReadonlyMap<string, number>
}

/** The cluster's client quotas as they were set, one entry an entity. */
export class ClientQuotaTable {
  readonly #entries = new Map<string, ClientQuotas>()
  #version = 0

  get entries(): Iterable<ClientQuotas> {
    return this.#entries.values()
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  /** Counts changes, for what is derived from the table. */
  get version(): number {
    return this.#version
  }

  find(entity: QuotaEntity): ClientQuotas | undefined {
    return this.#entries.get(keyOf(entity))
  }

  value(entity: QuotaEntity, quota: string): number | undefined {
    return this.#entries.get(keyOf(entity))?.values.get(quota)
  }

  replaceWith(other: ClientQuotaTable): void {
    this.#entries.clear()
    for (const [key, quotas] of other.#entries) this.#entries.set(key, quotas)
    this.#version += 1
  }

  apply(record: ClientQuotaRecord): void {
    const entity = new Map(record.entity.map(({ entityType, entityName }) => [entityType, entityName]))
    const key = keyOf(entity)
    const values = new Map(this.#entries.get(key)?.values)
    if (record.remove) values.delete(record.key)
    else values.set(record.key, record.value)
    if (values.size === 0) this.#entries.delete(key)
    else this.#entries.set(key, { entity, values })
    this.#version += 1
  }
}

function keyOf(entity: QuotaEntity): string {
  return JSON.stringify([...entity].sort(([a], [b]) => (a < b ? -1 : 1)))
}
