import type { PartitionImage } from '../metadata/partition-image.ts'
import type { TopicImage } from '../metadata/topic-image.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import type { ElectLeadersRequest, ElectLeadersResponseBody } from '../protocol/messages/43-elect-leaders.ts'
import {
  allowsUncleanElections,
  type ControllerState,
  changePartitions,
  type Decision,
  effectiveMinIsr,
  isActiveBroker,
  isElrEnabled,
} from './controller-state.ts'
import { changePartition, noLeader, type PartitionChange } from './partition-change.ts'

type RequestedElection = 'preferred' | 'unclean'

const electionTypes: Readonly<Record<number, RequestedElection>> = { 0: 'preferred', 1: 'unclean' }

/** As many partitions as Kafka moves at a time: more would make one large batch. */
const rebalancedPartitionsMax = 1_000

interface Outcome {
  readonly errorCode: ErrorCode
  readonly errorMessage: string | null
  readonly change?: PartitionChange
}

/** An election that somebody asked for. Without a list all partitions that need one are elected, and only they are listed. */
export function electLeaders(state: ControllerState, request: ElectLeadersRequest): Decision<ElectLeadersResponseBody> {
  const election = electionTypes[request.electionType]
  if (election === undefined) {
    throw new KafkaError(errorCodes.INVALID_REQUEST, `Unknown election type ${request.electionType}`)
  }
  const isForAll = request.topicPartitions === null
  const requested = request.topicPartitions ?? allPartitions(state)
  const records: PartitionChange[] = []
  const replicaElectionResults = requested.map(({ topic, partitions }) => {
    const outcomes = partitions.map((partitionId) => ({ partitionId, ...elect(state, topic, partitionId, election) }))
    for (const { change } of outcomes) if (change !== undefined) records.push(change)
    const listed = isForAll
      ? outcomes.filter(({ errorCode }) => errorCode !== errorCodes.ELECTION_NOT_NEEDED)
      : outcomes
    return { topic, partitionResult: listed.map(({ change: _, ...result }) => result) }
  })
  return {
    records,
    response: {
      throttleTimeMs: 0,
      errorCode: errorCodes.NONE,
      replicaElectionResults: replicaElectionResults.filter((result) => !isForAll || result.partitionResult.length > 0),
    },
  }
}

function allPartitions(state: ControllerState): { topic: string; partitions: number[] }[] {
  return [...state.image.topics.values()].map(({ name, partitions }) => ({
    topic: name,
    partitions: [...partitions.keys()],
  }))
}

function elect(state: ControllerState, name: string, partitionId: number, election: RequestedElection): Outcome {
  const topic = state.image.topics.get(name)
  if (topic === undefined) return failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `No such topic as ${name}`)
  const partition = topic.partitions[partitionId]
  if (partition === undefined) {
    return failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `No such partition as ${name}-${partitionId}`)
  }
  const isNeeded = election === 'preferred' ? !hasPreferredLeader(partition) : partition.leader === noLeader
  if (!isNeeded) {
    return failed(errorCodes.ELECTION_NOT_NEEDED, 'Leader election not needed for topic partition.')
  }
  const change = electPartition(state, topic, partitionId, partition, election)
  if (change?.leader !== undefined) return { errorCode: errorCodes.NONE, errorMessage: null, change }
  return election === 'preferred'
    ? failed(errorCodes.PREFERRED_LEADER_NOT_AVAILABLE, 'The preferred leader was not available.')
    : failed(errorCodes.ELIGIBLE_LEADERS_NOT_AVAILABLE, 'Eligible topic partition leaders are not available.')
}

function electPartition(
  state: ControllerState,
  topic: TopicImage,
  partitionId: number,
  partition: PartitionImage,
  election: RequestedElection,
): PartitionChange | undefined {
  return changePartition({
    topicId: topic.id,
    partitionId,
    partition,
    minIsr: effectiveMinIsr(state, topic),
    isElrUsed: isElrEnabled(state),
    canLead: (brokerId) => isActiveBroker(state, brokerId),
    election,
  })
}

function failed(errorCode: ErrorCode, errorMessage: string): Outcome {
  return { errorCode, errorMessage }
}

function hasPreferredLeader(partition: PartitionImage): boolean {
  return partition.leader === partition.replicas[0]
}

/** Moves leaderships back to the preferred replicas, as Kafka does every `leader.imbalance.check.interval.seconds`. */
export function rebalanceLeaders(state: ControllerState): PartitionChange[] {
  const canLead = (brokerId: number) => isActiveBroker(state, brokerId)
  const changes = changePartitions(state, (partition) =>
    hasPreferredLeader(partition) ? undefined : { canLead, election: 'preferred' },
  )
  return changes.slice(0, rebalancedPartitionsMax)
}

/** Partitions that lost their leader before their topic allowed an unclean election. */
export function electUncleanLeaders(state: ControllerState): PartitionChange[] {
  const canLead = (brokerId: number) => isActiveBroker(state, brokerId)
  return changePartitions(state, (partition, topic) => {
    const isAllowed = partition.leader === noLeader && allowsUncleanElections(state, topic)
    return isAllowed ? { canLead, election: 'unclean' } : undefined
  })
}
