import type { WebhookChannel } from '../../contract/alert.ts'
import type { Channel, Delivery } from '../../db/rows.ts'
import { deliveryOf } from '../../monitor/alert/incident-rows.ts'

/** A channel as the API shows it: that there is a secret, never the secret. */
export function channelView(row: Channel & { deliveries: Delivery[] }): WebhookChannel {
  const [last] = row.deliveries
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    hasSecret: row.secret !== null,
    isEnabled: row.isEnabled,
    lastDelivery: last === undefined ? null : deliveryOf(last),
  }
}

/** The last attempt of each channel comes with it. */
export const withLastDelivery = {
  deliveries: { where: { attemptedAt: { not: null } }, orderBy: { attemptedAt: 'desc' }, take: 1 },
} as const

/** What the audit log keeps of a channel. Its address may hold a token: host only. */
export function channelForAudit(row: Pick<Channel, 'name' | 'url' | 'secret' | 'isEnabled'>) {
  return { name: row.name, host: new URL(row.url).host, hasSecret: row.secret !== null, isEnabled: row.isEnabled }
}
