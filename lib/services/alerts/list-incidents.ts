import type { IncidentsList } from '../../contract/alert.ts'
import type { ManagingAlerts } from './managing-alerts.ts'

/** Open incidents and the last ones that ended, from memory. */
export function listIncidents({ alerts }: Pick<ManagingAlerts, 'alerts'>, clusterId: string): IncidentsList {
  return alerts.incidents(clusterId)
}
