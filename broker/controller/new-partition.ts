import type { MetadataRecordBody } from '../metadata/records.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { type ControllerState, isActiveBroker } from './controller-state.ts'
import { invalidAssignment } from './manual-assignment.ts'
import { placeReplicas } from './replica-placement.ts'

/** As Kafka bounds the records that one request may cause. */
const newPartitionsMax = 10_000

/** Throws POLICY_VIOLATION. */
export function requireReasonable(newPartitions: number): void {
  if (newPartitions <= newPartitionsMax) return
  throw new KafkaError(errorCodes.POLICY_VIOLATION, 'Excessively large number of partitions per request.')
}

/** Replicas on inactive brokers join the in-sync replicas once they are back. */
export function newPartition(
  state: ControllerState,
  topicId: string,
  partitionId: number,
  replicas: readonly number[],
): MetadataRecordBody {
  const isr = replicas.filter((brokerId) => isActiveBroker(state, brokerId))
  return {
    type: 'PartitionRecord',
    topicId,
    partitionId,
    replicas,
    isr,
    leader: isr[0] ?? -1,
    leaderEpoch: 0,
    partitionEpoch: 0,
    addingReplicas: [],
    removingReplicas: [],
  }
}

/** Throws INVALID_REPLICATION_FACTOR in the words that Kafka answers with. */
export function placeNewPartitions(
  state: ControllerState,
  partitionCount: number,
  replicationFactor: number,
): number[][] {
  try {
    return placeReplicas(state.image.brokers.values(), { partitionCount, replicationFactor, random: state.random })
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    const message = `Unable to replicate the partition ${replicationFactor} time(s): ${error.message}`
    throw new KafkaError(errorCodes.INVALID_REPLICATION_FACTOR, message, { cause: error })
  }
}

export function requireActiveReplica(state: ControllerState, partitionId: number, replicas: readonly number[]): void {
  if (replicas.some((brokerId) => isActiveBroker(state, brokerId))) return
  throw invalidAssignment(
    `All brokers specified in the manual partition assignment for partition ${partitionId} are fenced or in controlled ` +
      'shutdown.',
  )
}
