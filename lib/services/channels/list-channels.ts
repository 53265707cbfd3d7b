import type { WebhookChannel } from '../../contract/alert.ts'
import type { ManagingAlerts } from '../alerts/managing-alerts.ts'
import { requireRole } from '../require-role.ts'
import { channelView, withLastDelivery } from './channel-view.ts'

const channelsMax = 1_000

/** Not for viewers: webhook addresses often hold a token. */
export async function listChannels({
  user,
  database,
}: Pick<ManagingAlerts, 'user' | 'database'>): Promise<{ channels: WebhookChannel[] }> {
  requireRole(user, 'operator')
  const rows = await database.prisma.channel.findMany({
    include: withLastDelivery,
    orderBy: { name: 'asc' },
    take: channelsMax,
  })
  return { channels: rows.map(channelView) }
}
