import { randomUUID } from 'node:crypto'
import type { Delivery } from '../../contract/alert.ts'
import type { Channel, PrismaClient } from '../../db/rows.ts'
import { deliveryOf } from './incident-rows.ts'
import { sendWebhook, type WebhookAddresses } from './webhook.ts'
import { testPayload } from './webhook-payload.ts'

/** One attempt, now; the outcome is kept as the channel's last delivery. */
export async function deliverTest(
  db: PrismaClient,
  channel: Channel,
  options: { nowMs: number; baseUrl: string; addresses: WebhookAddresses },
): Promise<Delivery> {
  const id = randomUUID()
  const payload = testPayload({ channel: channel.name, baseUrl: options.baseUrl }, options.nowMs)
  const outcome = await sendWebhook({
    url: channel.url,
    secret: channel.secret,
    body: JSON.stringify(payload),
    eventId: id,
    nowMs: options.nowMs,
    addresses: options.addresses,
  })
  const at = new Date(options.nowMs)
  const row = await db.delivery.create({
    data: {
      id,
      channelId: channel.id,
      channelName: channel.name,
      kind: 'test',
      sequence: 0,
      idempotencyKey: id,
      payload,
      status: outcome.kind === 'delivered' ? 'delivered' : 'failed',
      attempts: 1,
      lastError: outcome.kind === 'delivered' ? null : outcome.reason,
      createdAt: at,
      notBefore: at,
      attemptedAt: at,
    },
  })
  return deliveryOf(row)
}
