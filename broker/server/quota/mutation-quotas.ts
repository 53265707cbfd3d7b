import type { Clock } from '../../clock.ts'
import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import type { ClientQuotaTable } from '../../security/client-quota-table.ts'
import type { RequestContext } from '../handler.ts'
import { QuotaLimits } from './quota-limits.ts'
import { TokenBucket } from './token-bucket.ts'
import type { QuotaWindows } from './windowed-rate.ts'

const bucketsMax = 10_000

/** What one request may still change. */
export interface MutationAllowance {
  /** Throws THROTTLING_QUOTA_EXCEEDED where the client can be told so; an older one is only made to wait. */
  take(partitions: number): void
  /** How long the client is to be left alone. */
  throttleMs(): number
}

const unlimited: MutationAllowance = { take: () => undefined, throttleMs: () => 0 }

/** Where the controller is asked without anything that could bound it. */
export const noMutationQuotas = { allowanceOf: () => unlimited }

/** How many partitions a client may create and delete a second: `controller_mutation_rate` (KIP-599). */
export class MutationQuotas {
  readonly #table: ClientQuotaTable
  readonly #limits: QuotaLimits
  readonly #windows: QuotaWindows
  readonly #clock: Clock
  readonly #buckets = new Map<string, { bucket: TokenBucket; perSecond: number }>()

  constructor(options: { table: ClientQuotaTable; windows: QuotaWindows; clock: Clock }) {
    this.#table = options.table
    this.#limits = new QuotaLimits(options.table)
    this.#windows = options.windows
    this.#clock = options.clock
  }

  allowanceOf({ principal, clientId, apiVersion }: RequestContext, firstStrictVersion: number): MutationAllowance {
    if (this.#table.isEmpty || principal.type === 'Broker') return unlimited
    const client = { user: principal.name, clientId: clientId ?? '' }
    const limit = this.#limits.find('controller_mutation_rate', client)
    if (limit === undefined) return unlimited
    const { perSecond } = limit
    const bucket = this.#bucketOf(limit.sharedBy, perSecond)
    const throttleMs = () => bucket.waitMs(perSecond, this.#clock.monotonicMs())
    const isStrict = apiVersion >= firstStrictVersion
    return {
      throttleMs,
      take: (partitions) => {
        if (isStrict && throttleMs() > 0) {
          throw new KafkaError(errorCodes.THROTTLING_QUOTA_EXCEEDED, 'The throttling quota has been exceeded.')
        }
        bucket.take(partitions, perSecond, this.#clock.monotonicMs())
      },
    }
  }

  #bucketOf(key: string, perSecond: number): TokenBucket {
    const known = this.#buckets.get(key)
    if (known !== undefined) return known.bucket
    const nowMs = this.#clock.monotonicMs()
    if (this.#buckets.size >= bucketsMax) {
      for (const [other, { bucket, perSecond: rate }] of this.#buckets) {
        if (bucket.isFull(rate, nowMs)) this.#buckets.delete(other)
      }
    }
    const bucket = new TokenBucket(this.#windows)
    this.#buckets.set(key, { bucket, perSecond })
    return bucket
  }
}

/** Splits what a request asks for into what the allowance covers and the refusals of the rest. */
export function withinAllowance<Item>(
  items: readonly Item[],
  allowance: MutationAllowance,
  partitionsOf: (item: Item) => number,
) {
  const allowed: Item[] = []
  const refused: { item: Item; error: KafkaError }[] = []
  for (const item of items) {
    try {
      allowance.take(partitionsOf(item))
      allowed.push(item)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      refused.push({ item, error })
    }
  }
  return { allowed, refused }
}
