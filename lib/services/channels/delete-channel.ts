import type { ManagingAlerts } from '../alerts/managing-alerts.ts'
import { insertAuditEntry } from '../audit/insert-audit-entry.ts'
import { requireRole } from '../require-role.ts'
import { channelForAudit } from './channel-view.ts'
import { requireChannel } from './require-channel.ts'

/** What was still waiting for it is given up; what was delivered stays in the incidents, under the channel's name. */
export async function deleteChannel(
  { user, database }: Pick<ManagingAlerts, 'user' | 'database'>,
  id: string,
): Promise<void> {
  requireRole(user, 'admin')
  await database.prisma.$transaction(async (transaction) => {
    const channel = await requireChannel(transaction, id)
    await transaction.delivery.updateMany({
      where: { channelId: id, status: 'waiting' },
      data: { status: 'failed', lastError: 'The channel was deleted.' },
    })
    await transaction.channel.delete({ where: { id } })
    const act = { action: 'deleteChannel', clusterId: null, subject: id, before: channelForAudit(channel), after: null }
    await insertAuditEntry(transaction, { user, ...act, error: null })
  })
}
