import { ClusterConnection } from './kafka/cluster-connection.ts'
import type { AlertEngine } from './monitor/alert/alert-engine.ts'
import { ClusterDocuments } from './monitor/cluster-documents.ts'
import { Monitor, type MonitorOptions, type WatchedCluster } from './monitor/monitor.ts'
import type { BrokerProcesses, ClusterHandle } from './services/cluster-handle.ts'

export interface OpenClusterOptions extends WatchedCluster, Omit<MonitorOptions, 'cluster'> {
  readonly processes?: BrokerProcesses
  readonly alerts: AlertEngine
}

const adminConnectTimeoutMs = 3_000
const adminRequestTimeoutMs = 20_000

/** What one watched cluster is made of. Nothing connects before the monitor is started. */
export function openCluster(options: OpenClusterOptions): ClusterHandle {
  const { id, name, kind, bootstrap, processes, alerts, ...watching } = options
  const monitor = new Monitor({ cluster: { id, name, kind, bootstrap }, ...watching })
  const documents = new ClusterDocuments({
    view: () => monitor.view,
    summary: () => monitor.summary,
    changes: () => monitor.changes,
    incidents: () => alerts.incidents(id),
  })
  const admin = new ClusterConnection({
    bootstrap,
    clientId: 'eyrie-admin',
    connectTimeoutMs: adminConnectTimeoutMs,
    requestTimeoutMs: adminRequestTimeoutMs,
  })
  return { monitor, documents, admin, processes }
}
