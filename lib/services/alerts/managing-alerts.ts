import type { SessionUser } from '../../contract/session.ts'
import type { Database } from '../../db/database.ts'
import type { AlertEngine } from '../../monitor/alert/alert-engine.ts'

/** Who changes what alerts are raised by and where they go. */
export interface ManagingAlerts {
  readonly user: SessionUser
  readonly database: Database
  readonly alerts: AlertEngine
}
