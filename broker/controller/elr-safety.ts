import { configResource } from '../metadata/config-resource.ts'
import type { MetadataRecordBody } from '../metadata/records.ts'
import type { ControllerState } from './controller-state.ts'

export const elrFeature = 'eligible.leader.replicas.version'

const minIsr = 'min.insync.replicas'

/**
 * With eligible leader replicas (KIP-966) a cluster has one `min.insync.replicas` as a dynamic default, whatever single
 * brokers were started with or set to: who is eligible is decided with it.
 */
export function elrSafetyRecords(state: ControllerState): MetadataRecordBody[] {
  const { image, settings } = state
  const records: MetadataRecordBody[] = []
  if (!image.brokerConfigs('').has(minIsr)) records.push(minIsrRecord('', String(settings.minInsyncReplicas)))
  for (const id of image.brokers.keys()) {
    if (image.brokerConfigs(id).has(minIsr)) records.push(minIsrRecord(String(id), null))
  }
  return records
}

/** Who was eligible is no longer known once nobody keeps account of it. */
export function forgetEligibleReplicas(state: ControllerState): MetadataRecordBody[] {
  const records: MetadataRecordBody[] = []
  for (const topic of state.image.topics.values()) {
    for (const [partitionId, partition] of topic.partitions.entries()) {
      if (partition.eligibleLeaderReplicas.length + partition.lastKnownElr.length === 0) continue
      const forgotten = { eligibleLeaderReplicas: [], lastKnownElr: [] }
      records.push({ type: 'PartitionChangeRecord', topicId: topic.id, partitionId, ...forgotten })
    }
  }
  return records
}

/** Which replicas are eligible to lead was decided with the old minimum, and need not hold with the new one. */
export function forgetEligibleOf(
  state: ControllerState,
  { resourceType, resourceName }: { readonly resourceType: number; readonly resourceName: string },
): MetadataRecordBody[] {
  const isOneTopic = resourceType === configResource.topic
  const records: MetadataRecordBody[] = []
  for (const topic of state.image.topics.values()) {
    if (isOneTopic && topic.name !== resourceName) continue
    for (const [partitionId, partition] of topic.partitions.entries()) {
      if (partition.eligibleLeaderReplicas.length === 0) continue
      const eligibleLeaderReplicas: number[] = []
      records.push({ type: 'PartitionChangeRecord', topicId: topic.id, partitionId, eligibleLeaderReplicas })
    }
  }
  return records
}

function minIsrRecord(resourceName: string, value: string | null): MetadataRecordBody {
  return { type: 'ConfigRecord', resourceType: configResource.broker, resourceName, name: minIsr, value }
}
