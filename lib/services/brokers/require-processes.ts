import type { BrokerProcesses, ClusterHandle } from '../cluster-handle.ts'
import { ServiceError } from '../service-error.ts'

export function requireProcesses({ processes }: ClusterHandle): BrokerProcesses {
  if (processes !== undefined) return processes
  throw new ServiceError('conflict', 'Only brokers of the embedded cluster are stopped and started from here.')
}
