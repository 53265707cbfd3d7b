import type { PartitionImage } from '../metadata/partition-image.ts'
import type { TopicImage } from '../metadata/topic-image.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type {
  AlterPartitionRequest,
  AlterPartitionResponseBody,
  PartitionDataBody,
  RequestedPartitionData,
} from '../protocol/messages/56-alter-partition.ts'
import { requireBrokerEpoch } from './broker-registration.ts'
import {
  automaticElection,
  type ControllerState,
  type Decision,
  effectiveMinIsr,
  isActive,
  isActiveBroker,
  isElrEnabled,
} from './controller-state.ts'
import { changePartition, leaderRecoveryStates, type PartitionChange } from './partition-change.ts'

/** A leader proposes new in-sync replicas. Throws for a leader whose broker is not the one registered. */
export function alterPartition(
  state: ControllerState,
  request: AlterPartitionRequest,
): Decision<AlterPartitionResponseBody> {
  requireBrokerEpoch(state, request.brokerId, request.brokerEpoch)
  const records: PartitionChange[] = []
  const topics = request.topics.map(({ topicId, partitions }) => {
    const topic = state.image.topicsById.get(topicId)
    const answers = partitions.map((data): PartitionDataBody => {
      if (topic === undefined) return refused(data, errorCodes.UNKNOWN_TOPIC_ID)
      const partition = topic.partitions[data.partitionIndex]
      if (partition === undefined) return refused(data, errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
      const error = findObjection(state, request.brokerId, partition, data)
      if (error !== errorCodes.NONE) return refused(data, error)
      const change = acceptIsr(state, topic, partition, data)
      if (change !== undefined) records.push(change)
      // The move that this completed takes the leadership from the broker that asked.
      const isLeaderMoved = change?.leader !== undefined && change.leader !== request.brokerId
      return isLeaderMoved ? refused(data, errorCodes.NEW_LEADER_ELECTED) : accepted(partition, data, change)
    })
    return { topicId, partitions: answers }
  })
  return { records, response: { throttleTimeMs: 0, errorCode: errorCodes.NONE, topics } }
}

/** In the order of Kafka's ReplicationControlManager.validateAlterPartitionData. */
function findObjection(
  state: ControllerState,
  brokerId: number,
  partition: PartitionImage,
  data: RequestedPartitionData,
): ErrorCode {
  // A leader that knows more than this controller: another controller has taken over.
  if (data.leaderEpoch > partition.leaderEpoch || data.partitionEpoch > partition.partitionEpoch) {
    return errorCodes.NOT_CONTROLLER
  }
  if (data.leaderEpoch < partition.leaderEpoch) return errorCodes.FENCED_LEADER_EPOCH
  if (brokerId !== partition.leader) return errorCodes.INVALID_REQUEST
  if (data.partitionEpoch < partition.partitionEpoch) return errorCodes.INVALID_UPDATE_VERSION
  const isr = proposedIsr(data)
  const isSubset = isr.length === new Set(isr).size && isr.every((replica) => partition.replicas.includes(replica))
  if (!isSubset || !isr.includes(partition.leader)) return errorCodes.INVALID_REQUEST
  const { recovered, recovering } = leaderRecoveryStates
  if (data.leaderRecoveryState === recovering && isr.length > 1) return errorCodes.INVALID_REQUEST
  if (partition.leaderRecoveryState === recovered && data.leaderRecoveryState === recovering) {
    return errorCodes.INVALID_REQUEST
  }
  return hasIneligible(state, data) ? errorCodes.INELIGIBLE_REPLICA : errorCodes.NONE
}

function proposedIsr(data: RequestedPartitionData): number[] {
  return data.newIsrWithEpochs.length > 0 ? data.newIsrWithEpochs.map(({ brokerId }) => brokerId) : data.newIsr
}

/** The epochs make sure that a replica which was restarted meanwhile is not taken for the one that was in sync. */
function hasIneligible(state: ControllerState, data: RequestedPartitionData): boolean {
  const epochs = new Map(data.newIsrWithEpochs.map(({ brokerId, brokerEpoch }) => [brokerId, brokerEpoch]))
  return proposedIsr(data).some((brokerId) => {
    const broker = state.image.brokers.get(brokerId)
    const epoch = epochs.get(brokerId) ?? -1
    return broker === undefined || !isActive(broker) || (epoch !== -1 && epoch !== broker.epoch)
  })
}

function acceptIsr(
  state: ControllerState,
  topic: TopicImage,
  partition: PartitionImage,
  data: RequestedPartitionData,
): PartitionChange | undefined {
  return changePartition({
    topicId: topic.id,
    partitionId: data.partitionIndex,
    partition,
    minIsr: effectiveMinIsr(state, topic),
    isElrUsed: isElrEnabled(state),
    canLead: (brokerId) => isActiveBroker(state, brokerId),
    election: automaticElection(state, topic),
    targetIsr: proposedIsr(data),
    targetRecoveryState: data.leaderRecoveryState,
  })
}

function accepted(
  partition: PartitionImage,
  data: RequestedPartitionData,
  change: PartitionChange | undefined,
): PartitionDataBody {
  return {
    partitionIndex: data.partitionIndex,
    errorCode: errorCodes.NONE,
    leaderId: partition.leader,
    leaderEpoch: change?.leader === undefined ? partition.leaderEpoch : partition.leaderEpoch + 1,
    isr: change?.isr ?? partition.isr,
    leaderRecoveryState: data.leaderRecoveryState,
    partitionEpoch: change === undefined ? partition.partitionEpoch : partition.partitionEpoch + 1,
  }
}

function refused(data: RequestedPartitionData, errorCode: ErrorCode): PartitionDataBody {
  return { partitionIndex: data.partitionIndex, errorCode, leaderId: 0, leaderEpoch: 0, isr: [], partitionEpoch: 0 }
}
