import type { SaveWebhookChannelInput, WebhookChannel } from '../../contract/alert.ts'
import type { ManagingAlerts } from '../alerts/managing-alerts.ts'
import { insertAuditEntry } from '../audit/insert-audit-entry.ts'
import { requireRole } from '../require-role.ts'
import { channelForAudit, channelView, withLastDelivery } from './channel-view.ts'
import { requireChannel } from './require-channel.ts'

/** An empty or absent secret keeps the one that is stored. What is waiting goes to the new address. */
export async function updateChannel(
  { user, database, alerts }: ManagingAlerts,
  id: string,
  input: SaveWebhookChannelInput,
): Promise<WebhookChannel> {
  requireRole(user, 'admin')
  const channel = await database.prisma.$transaction(async (transaction) => {
    const before = await requireChannel(transaction, id)
    const row = await transaction.channel.update({
      where: { id },
      data: { name: input.name, url: input.url, secret: input.secret || before.secret, isEnabled: input.isEnabled },
      include: withLastDelivery,
    })
    const values = { before: channelForAudit(before), after: channelForAudit(row) }
    await insertAuditEntry(transaction, {
      user,
      action: 'updateChannel',
      clusterId: null,
      subject: id,
      ...values,
      error: null,
    })
    return channelView(row)
  })
  alerts.wakeDelivery()
  return channel
}
