import type { BrokerState } from '../../monitor/snapshot.ts'
import { type ClusterHandle, requireSnapshot } from '../cluster-handle.ts'
import { ServiceError } from '../service-error.ts'

export function requireBroker(cluster: ClusterHandle, id: number): BrokerState {
  const broker = requireSnapshot(cluster).brokers.get(id)
  if (broker === undefined) throw new ServiceError('not_found', `The cluster has no broker ${id}.`)
  return broker
}
