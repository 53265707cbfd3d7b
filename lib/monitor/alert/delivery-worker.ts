import type { Database } from '../../db/database.ts'
import { type ClaimedDelivery, claimDeliveries } from '../../db/queries/claim-deliveries.ts'
import { findNextDelivery } from '../../db/queries/find-next-delivery.ts'
import { computeRetryAtMs } from '../../domain/delivery-retry.ts'
import { sendWebhook, type WebhookAddresses, type WebhookOutcome } from './webhook.ts'

export interface DeliveryWorkerOptions {
  readonly database: Database
  readonly clock: { nowMs(): number }
  readonly log: {
    warn(details: object, message: string): void
    error(details: { error: unknown }, message: string): void
  }
  readonly webhookAddresses: WebhookAddresses
  /** Called after each attempt that is stored. */
  readonly onAttempt: (incidentId: string | null) => Promise<void>
}

/** Longer than any attempt takes: a lease that ends was of a process that died. */
const leaseMs = 60_000
const idleMsMax = 60_000
/** A due row that could not be claimed is being claimed by somebody else. */
const idleMsMin = 50
const afterErrorMs = 5_000

/**
 * Empties the outbox: at least once each, one attempt at a time a channel, so that a slow receiver holds up nobody else's
 * alerts. A failed attempt is tried again for a day.
 */
export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions
  readonly #stopping = new AbortController()
  /** By channel. */
  readonly #attempts = new Map<string, Promise<void>>()
  #running: Promise<void> | undefined
  #wake: () => void = () => undefined
  #isWoken = false

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Says that there may be something to deliver. */
  wake(): void {
    this.#isWoken = true
    this.#wake()
  }

  /** Breaks off what is under way; the next start tries it again. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.wake()
    await this.#running
    await Promise.all(this.#attempts.values())
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#sleep(await this.#startDue())
      } catch (error) {
        this.#options.log.error({ error }, 'the outbox cannot be read, trying again')
        await this.#sleep(afterErrorMs)
      }
    }
  }

  /** Starts an attempt for each channel that has one due; answers how long there is nothing to do. */
  async #startDue(): Promise<number> {
    const { database, clock } = this.#options
    this.#isWoken = false
    const nowMs = clock.nowMs()
    const claimed = await claimDeliveries(database.pool, { nowMs, leaseMs, busyChannels: [...this.#attempts.keys()] })
    for (const delivery of claimed) this.#startAttempt(delivery)
    const nextMs = await findNextDelivery(database.pool, [...this.#attempts.keys()])
    if (nextMs === undefined) return idleMsMax
    return Math.min(Math.max(nextMs - clock.nowMs(), idleMsMin), idleMsMax)
  }

  #startAttempt(delivery: ClaimedDelivery): void {
    const attempt = this.#attempt(delivery)
      .catch((error: unknown) => {
        this.#options.log.error({ error }, 'an attempt to deliver an alert could not be stored')
      })
      .finally(() => {
        this.#attempts.delete(delivery.channelId)
        this.wake()
      })
    this.#attempts.set(delivery.channelId, attempt)
  }

  async #attempt(delivery: ClaimedDelivery): Promise<void> {
    const outcome = await this.#send(delivery)
    await this.#store(delivery, outcome)
    await this.#options.onAttempt(delivery.incidentId)
  }

  async #send(delivery: ClaimedDelivery): Promise<WebhookOutcome> {
    if (!delivery.isChannelEnabled) return { kind: 'refused', reason: 'The channel is switched off.' }
    if (delivery.isFollowingFailure) {
      return { kind: 'refused', reason: 'Not sent: the alert that it ends was never delivered.' }
    }
    return sendWebhook({
      url: delivery.url,
      secret: delivery.secret,
      body: JSON.stringify(delivery.payload),
      eventId: delivery.id,
      nowMs: this.#options.clock.nowMs(),
      addresses: this.#options.webhookAddresses,
      signal: this.#stopping.signal,
    })
  }

  async #store(delivery: ClaimedDelivery, outcome: WebhookOutcome): Promise<void> {
    const { database, clock, log } = this.#options
    const deliveries = database.prisma.delivery
    if (outcome.kind === 'delivered') {
      const data = { status: 'delivered', lastError: null, leasedUntil: null }
      await deliveries.updateMany({ where: { id: delivery.id }, data })
      return
    }
    const retryAtMs =
      outcome.kind === 'refused'
        ? undefined
        : computeRetryAtMs({
            attempts: delivery.attempts,
            createdAtMs: delivery.createdAtMs,
            nowMs: clock.nowMs(),
            jitter: Math.random(),
            retryAfterMs: outcome.retryAfterMs,
          })
    log.warn(
      { delivery: delivery.id, attempts: delivery.attempts, reason: outcome.reason },
      'an alert was not delivered',
    )
    await deliveries.updateMany({
      where: { id: delivery.id },
      data: {
        lastError: outcome.reason,
        leasedUntil: null,
        ...(retryAtMs === undefined ? { status: 'failed' } : { notBefore: new Date(retryAtMs) }),
      },
    })
  }

  /** Ends early when woken. */
  async #sleep(ms: number): Promise<void> {
    if (this.#isWoken || this.#stopping.signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
