import type { Delivery } from '../../contract/alert.ts'
import type { ManagingAlerts } from '../alerts/managing-alerts.ts'
import { insertAuditEntry } from '../audit/insert-audit-entry.ts'
import { requireRole } from '../require-role.ts'
import { requireChannel } from './require-channel.ts'

/** Posts a test at once, whether the channel is switched on or not, and answers what became of it. */
export async function testChannel({ user, database, alerts }: ManagingAlerts, id: string): Promise<Delivery> {
  requireRole(user, 'operator')
  const delivery = await alerts.deliverTest(await requireChannel(database.prisma, id))
  const act = { action: 'testChannel', clusterId: null, subject: id, before: null, after: { status: delivery.status } }
  await insertAuditEntry(database.prisma, { user, ...act, error: delivery.lastError })
  return delivery
}
