import type { PartitionImage } from '../metadata/partition-image.ts'
import type { TopicImage } from '../metadata/topic-image.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponseBody,
} from '../protocol/messages/45-alter-partition-reassignments.ts'
import {
  automaticElection,
  type ControllerState,
  type Decision,
  effectiveMinIsr,
  isActiveBroker,
  isElrEnabled,
} from './controller-state.ts'
import { invalidAssignment, validateManualAssignment } from './manual-assignment.ts'
import { changePartition, type PartitionChange, type PartitionTransition } from './partition-change.ts'
import { isMoving } from './reassignment-completion.ts'

type RequestedPartition = AlterPartitionReassignmentsRequest['topics'][number]['partitions'][number]

/**
 * Moves partitions to other brokers, or ends such moves (`replicas` null); each partition by itself. While a partition
 * moves its replicas are the old and the new ones together.
 */
export function alterPartitionReassignments(
  state: ControllerState,
  request: AlterPartitionReassignmentsRequest,
): Decision<AlterPartitionReassignmentsResponseBody> {
  const { allowReplicationFactorChange } = request
  const records: PartitionChange[] = []
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((requested) => {
      const { partitionIndex } = requested
      try {
        const change = alterReassignment(state, name, requested, allowReplicationFactorChange)
        if (change !== undefined) records.push(change)
        return { partitionIndex, errorCode: errorCodes.NONE, errorMessage: null }
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error
        return { partitionIndex, errorCode: error.code, errorMessage: error.message }
      }
    }),
  }))
  return {
    records,
    response: {
      throttleTimeMs: 0,
      allowReplicationFactorChange,
      errorCode: errorCodes.NONE,
      errorMessage: null,
      responses,
    },
  }
}

function alterReassignment(
  state: ControllerState,
  name: string,
  { partitionIndex, replicas }: RequestedPartition,
  allowReplicationFactorChange: boolean,
): PartitionChange | undefined {
  const topic = state.image.topics.get(name)
  if (topic === undefined) throw unknown(`Unable to find a topic named ${name}.`)
  const partition = topic.partitions[partitionIndex]
  if (partition === undefined) throw unknown(`Unable to find partition ${name}:${partitionIndex}.`)
  const transition =
    replicas === null
      ? cancelMove(state, topic, partitionIndex, partition)
      : move(state, partition, replicas, allowReplicationFactorChange)
  return changePartition({
    topicId: topic.id,
    partitionId: partitionIndex,
    partition,
    minIsr: effectiveMinIsr(state, topic),
    isElrUsed: isElrEnabled(state),
    canLead: (brokerId) => isActiveBroker(state, brokerId),
    election: 'online',
    ...transition,
  })
}

function unknown(message: string): KafkaError {
  return new KafkaError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, message)
}

/** A move that runs already is replaced: what it was adding counts as present. */
function move(
  state: ControllerState,
  partition: PartitionImage,
  target: readonly number[],
  allowReplicationFactorChange: boolean,
): Partial<PartitionTransition> {
  validateManualAssignment(state, target, undefined)
  if (!allowReplicationFactorChange) requireSameReplicationFactor(partition, target)
  const removing = partition.replicas.filter((replica) => !target.includes(replica)).sort((a, b) => a - b)
  const added = target.filter((replica) => !partition.replicas.includes(replica)).sort((a, b) => a - b)
  return {
    targetReplicas: [...target, ...removing],
    targetRemoving: removing,
    targetAdding: added.length > 0 ? added : partition.addingReplicas,
  }
}

/** While a partition moves, its replication factor is the one that it will have. */
function requireSameReplicationFactor(partition: PartitionImage, target: readonly number[]): void {
  const present = partition.replicas.filter((replica) => !partition.removingReplicas.includes(replica))
  if (present.length === target.length) return
  throw new KafkaError(
    errorCodes.INVALID_REPLICATION_FACTOR,
    `The replication factor is changed from ${present.length} to ${target.length}`,
  )
}

/** Takes out what was being added. Where only that is in sync, what is left may lack records. */
function cancelMove(
  state: ControllerState,
  topic: TopicImage,
  partitionId: number,
  partition: PartitionImage,
): Partial<PartitionTransition> {
  const { addingReplicas, removingReplicas } = partition
  if (!isMoving({ adding: addingReplicas, removing: removingReplicas })) {
    throw new KafkaError(errorCodes.NO_REASSIGNMENT_IN_PROGRESS, 'No partition reassignment is in progress.')
  }
  const isOld = (replica: number) => !addingReplicas.includes(replica)
  const [first, ...rest] = partition.replicas.filter(isOld)
  if (first === undefined) {
    throw invalidAssignment('Invalid replica assignment: addingReplicas contains all replicas.')
  }
  const isr = partition.isr.filter(isOld)
  const restored = { targetReplicas: [first, ...rest], targetAdding: [], targetRemoving: [] }
  if (isr.length > 0) return { ...restored, targetIsr: isr }
  if (automaticElection(state, topic) !== 'unclean') {
    throw invalidAssignment(
      `Unable to revert partition assignment for ${topic.name}:${partitionId} because it would require an unclean ` +
        'leader election.',
    )
  }
  return { ...restored, targetIsr: [first], election: 'unclean' }
}
