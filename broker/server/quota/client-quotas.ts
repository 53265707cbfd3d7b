import type { ClientQuotaTable } from '../../security/client-quota-table.ts'
import { type ClientQuota, type QuotaClient, QuotaLimits } from './quota-limits.ts'
import { type QuotaWindows, WindowedRate } from './windowed-rate.ts'

/** More are only kept while they are in use. */
const ratesMax = 10_000

/** What each client has used of its quotas, and for how long it is to wait when that is too much. */
export class ClientQuotas {
  readonly #table: ClientQuotaTable
  readonly #limits: QuotaLimits
  readonly #windows: QuotaWindows
  readonly #rates = new Map<string, WindowedRate>()

  constructor(table: ClientQuotaTable, windows: QuotaWindows) {
    this.#table = table
    this.#limits = new QuotaLimits(table)
    this.#windows = windows
  }

  /** Without any quota nothing is measured. */
  get isActive(): boolean {
    return !this.#table.isEmpty
  }

  /** Returns how long the client is to be left alone. */
  record(quota: ClientQuota, client: QuotaClient, amount: number, nowMs: number): number {
    const limit = this.#limits.find(quota, client)
    if (limit === undefined) return 0
    const rate = this.#rateOf(limit.sharedBy, nowMs)
    rate.record(amount, nowMs)
    const excess = rate.perSecond(nowMs) - limit.perSecond
    if (excess <= 0) return 0
    // After as long without anything the average is at the limit again.
    const waitMs = Math.round((excess / limit.perSecond) * rate.spanMs(nowMs))
    return quota === 'request_percentage' ? Math.min(waitMs, this.#windows.sizeMs) : waitMs
  }

  /** What was recorded did not happen after all. */
  takeBack(quota: ClientQuota, client: QuotaClient, amount: number, nowMs: number): void {
    const limit = this.#limits.find(quota, client)
    if (limit !== undefined) this.#rateOf(limit.sharedBy, nowMs).record(-amount, nowMs)
  }

  /** The most that can be used at once without being more than the limit; undefined without one. */
  burst(quota: ClientQuota, client: QuotaClient): number | undefined {
    const limit = this.#limits.find(quota, client)
    const { count, sizeMs } = this.#windows
    return limit && Math.floor((limit.perSecond * Math.max(count - 1, 1) * sizeMs) / 1_000)
  }

  #rateOf(key: string, nowMs: number): WindowedRate {
    const known = this.#rates.get(key)
    if (known !== undefined) return known
    if (this.#rates.size >= ratesMax) this.#forgetIdle(nowMs)
    const rate = new WindowedRate(this.#windows)
    this.#rates.set(key, rate)
    return rate
  }

  #forgetIdle(nowMs: number): void {
    for (const [key, rate] of this.#rates) if (rate.isIdle(nowMs)) this.#rates.delete(key)
  }
}
