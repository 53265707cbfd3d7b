import type { Clock } from '../../clock.ts'
import type { ClientQuotaTable } from '../../security/client-quota-table.ts'
import { type QuotaWindows, WindowedRate } from './windowed-rate.ts'

export interface AdmissionLimits {
  /** `max.connections` */
  readonly connectionsMax: number
  /** `max.connections.per.ip` */
  readonly perHostMax: number
  /** `max.connections.per.ip.overrides` */
  readonly perHostOverrides: ReadonlyMap<string, number>
}

export type Admission =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'refused' }
  /** To be closed after a while: a client that comes back at once would gain nothing by it. */
  | { readonly kind: 'delayed'; readonly delayMs: number }

const admitted: Admission = { kind: 'admitted' }
const refused: Admission = { kind: 'refused' }
const ratesMax = 10_000

/** Counts the connections of a whole broker, by address, and how fast addresses open new ones. */
export class ConnectionAdmission {
  readonly #limits: () => AdmissionLimits
  readonly #quotas: ClientQuotaTable
  readonly #windows: QuotaWindows
  readonly #clock: Clock
  readonly #byHost = new Map<string, number>()
  readonly #rates = new Map<string, WindowedRate>()
  #count = 0

  constructor(options: {
    limits: () => AdmissionLimits
    quotas: ClientQuotaTable
    windows: QuotaWindows
    clock: Clock
  }) {
    this.#limits = options.limits
    this.#quotas = options.quotas
    this.#windows = options.windows
    this.#clock = options.clock
  }

  /** Every connection that is not refused has to be released. */
  admit(host: string): Admission {
    const { connectionsMax, perHostMax, perHostOverrides } = this.#limits()
    const ofHost = this.#byHost.get(host) ?? 0
    if (this.#count >= connectionsMax || ofHost >= (perHostOverrides.get(host) ?? perHostMax)) return refused
    this.#count += 1
    this.#byHost.set(host, ofHost + 1)
    const delayMs = this.#delayOf(host)
    return delayMs > 0 ? { kind: 'delayed', delayMs } : admitted
  }

  release(host: string): void {
    this.#count -= 1
    const left = (this.#byHost.get(host) ?? 1) - 1
    if (left === 0) this.#byHost.delete(host)
    else this.#byHost.set(host, left)
  }

  /** By the quota `connection_creation_rate` of the address (KIP-612). */
  #delayOf(host: string): number {
    if (this.#quotas.isEmpty) return 0
    const limit =
      this.#quotas.value(new Map([['ip', host]]), 'connection_creation_rate') ??
      this.#quotas.value(new Map([['ip', null]]), 'connection_creation_rate')
    if (limit === undefined) return 0
    const nowMs = this.#clock.monotonicMs()
    const rate = this.#rateOf(host, nowMs)
    rate.record(1, nowMs)
    const excess = rate.perSecond(nowMs) - limit
    if (excess <= 0) return 0
    rate.record(-1, nowMs)
    return Math.min(Math.round((excess / limit) * rate.spanMs(nowMs)), this.#windows.sizeMs)
  }

  #rateOf(host: string, nowMs: number): WindowedRate {
    const known = this.#rates.get(host)
    if (known !== undefined) return known
    if (this.#rates.size >= ratesMax) {
      for (const [other, rate] of this.#rates) if (rate.isIdle(nowMs)) this.#rates.delete(other)
    }
    const rate = new WindowedRate(this.#windows)
    this.#rates.set(host, rate)
    return rate
  }
}

/** Reads `max.connections.per.ip.overrides`: `host:number`, separated by commas. What cannot be read is left out. */
export function parseHostOverrides(text: string): ReadonlyMap<string, number> {
  const overrides = new Map<string, number>()
  for (const entry of text.split(',')) {
    const colon = entry.lastIndexOf(':')
    const count = Number(entry.slice(colon + 1))
    if (colon > 0 && Number.isInteger(count)) overrides.set(entry.slice(0, colon).trim(), count)
  }
  return overrides
}
