import { randomUUID } from 'node:crypto'
import type { SaveWebhookChannelInput, WebhookChannel } from '../../contract/alert.ts'
import type { ManagingAlerts } from '../alerts/managing-alerts.ts'
import { insertAuditEntry } from '../audit/insert-audit-entry.ts'
import { requireRole } from '../require-role.ts'
import { channelForAudit, channelView, withLastDelivery } from './channel-view.ts'

export async function createChannel(
  { user, database }: Pick<ManagingAlerts, 'user' | 'database'>,
  input: SaveWebhookChannelInput,
): Promise<WebhookChannel> {
  requireRole(user, 'admin')
  return database.prisma.$transaction(async (transaction) => {
    const row = await transaction.channel.create({
      data: {
        id: randomUUID(),
        kind: 'webhook',
        name: input.name,
        url: input.url,
        secret: input.secret || null,
        isEnabled: input.isEnabled,
      },
      include: withLastDelivery,
    })
    const act = { action: 'createChannel', clusterId: null, subject: row.id, before: null, after: channelForAudit(row) }
    await insertAuditEntry(transaction, { user, ...act, error: null })
    return channelView(row)
  })
}
