import type { BrokerConfigs } from '../../contract/broker.ts'
import { adminConnection, type ClusterHandle } from '../cluster-handle.ts'
import { withRefusals } from '../kafka-refusal.ts'
import { readBrokerConfigs } from '../read-configs.ts'
import { requireBroker } from './require-broker.ts'

export async function getBrokerConfigs(cluster: ClusterHandle, id: number): Promise<BrokerConfigs> {
  requireBroker(cluster, id)
  return withRefusals(async () => {
    const configs = await readBrokerConfigs(adminConnection(cluster), id)
    return { configs, asOfMs: Date.now() }
  })
}
