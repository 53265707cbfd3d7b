import type { z } from 'zod'
import { type AlertRule, alertRule, alertRuleId, type updateAlertRuleInput } from '../../contract/alert.ts'
import { insertAuditEntry } from '../audit/insert-audit-entry.ts'
import { requireRole } from '../require-role.ts'
import { ServiceError } from '../service-error.ts'
import type { ManagingAlerts } from './managing-alerts.ts'

/** Changes a rule from the next round on; incidents that are open follow its new times. */
export async function updateAlertRule(
  { user, database, alerts }: ManagingAlerts,
  id: string,
  input: z.infer<typeof updateAlertRuleInput>,
): Promise<AlertRule> {
  requireRole(user, 'admin')
  const known = alertRuleId.safeParse(id)
  if (!known.success) throw new ServiceError('not_found', `There is no alert rule ${id}.`)
  const rule = await database.prisma.$transaction(async (transaction) => {
    const where = { id: known.data }
    const before = alertRule.parse(await transaction.alertRule.findUniqueOrThrow({ where }))
    const after = alertRule.parse(await transaction.alertRule.update({ where, data: input }))
    const act = { action: 'updateAlertRule', clusterId: null, subject: id, before, after, error: null }
    await insertAuditEntry(transaction, { user, ...act })
    return after
  })
  alerts.setRule(rule)
  return rule
}
