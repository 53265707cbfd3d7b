import type { AlertRule } from '../../contract/alert.ts'
import type { ManagingAlerts } from './managing-alerts.ts'

export function listAlertRules({ alerts }: Pick<ManagingAlerts, 'alerts'>): { rules: AlertRule[] } {
  return { rules: alerts.rules() }
}
