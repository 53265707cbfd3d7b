import type { HttpBindings } from '@hono/node-server'
import type { Auth } from '../auth/auth.ts'
import type { SessionUser } from '../contract/session.ts'
import type { Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import type { AlertEngine } from '../monitor/alert/alert-engine.ts'
import type { SeriesStore } from '../monitor/store/series-store.ts'
import type { Acting } from '../services/acting.ts'
import type { ClusterHandle } from '../services/cluster-handle.ts'
import { ServiceError } from '../services/service-error.ts'

/** What the routes reach: the running console. */
export interface ApiContext {
  readonly auth: Auth
  readonly database: Database
  readonly clusters: ReadonlyMap<string, ClusterHandle>
  readonly series: SeriesStore
  readonly alerts: AlertEngine
  readonly writeAudit: Acting['writeAudit']
  /** Ends what the session had open: a tab that is connected asks no more. */
  readonly onSignedOut: () => Promise<void>
  readonly isSameOrigin: (origin: string, host: string) => boolean
  readonly log: Log
}

/** Hono's variables: `user` is set on every route that needs a session. Bindings are absent in the process itself. */
export interface ApiEnvironment {
  Bindings: Partial<HttpBindings>
  Variables: { user: SessionUser }
}

export function requireCluster({ clusters }: ApiContext, id: string): ClusterHandle {
  const cluster = clusters.get(id)
  if (cluster === undefined) throw new ServiceError('not_found', `There is no cluster ${id}.`)
  return cluster
}

export function actingOn(context: ApiContext, clusterId: string, user: SessionUser): Acting {
  return { user, cluster: requireCluster(context, clusterId), writeAudit: context.writeAudit }
}
