import { configResource } from '../metadata/image.ts'
import type { MetadataRecordBody } from '../metadata/records.ts'
import type { ControllerState } from './controller-state.ts'

/** Of Apache Kafka 4.3: metadata.version 4.3-IV0, and eligible leader replicas (KIP-966) in use. */
const featureLevels = { 'metadata.version': 30, 'eligible.leader.replicas.version': 1 } as const

/**
 * What a new cluster's log starts with. With eligible leader replicas the cluster has one `min.insync.replicas` as a
 * dynamic default, whatever single brokers were started with, as Kafka writes it.
 */
export function bootstrapRecords(state: ControllerState): MetadataRecordBody[] {
  if (state.image.features.size > 0) return []
  const features = Object.entries(featureLevels).map(
    ([name, featureLevel]): MetadataRecordBody => ({ type: 'FeatureLevelRecord', name, featureLevel }),
  )
  return [
    ...features,
    {
      type: 'ConfigRecord',
      resourceType: configResource.broker,
      resourceName: '',
      name: 'min.insync.replicas',
      value: String(state.settings.minInsyncReplicas),
    },
  ]
}
