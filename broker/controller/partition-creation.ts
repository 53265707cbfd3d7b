import type { MetadataRecordBody } from '../metadata/records.ts'
import type { TopicImage } from '../metadata/topic-image.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponseBody,
  CreatePartitionsTopic,
  CreatePartitionsTopicResultBody,
} from '../protocol/messages/37-create-partitions.ts'
import type { ControllerState, Decision } from './controller-state.ts'
import { invalidAssignment, validateManualAssignment } from './manual-assignment.ts'
import { newPartition, placeNewPartitions, requireActiveReplica, requireReasonable } from './new-partition.ts'

/** Adds partitions to topics, each by itself. Answers for every topic that was named, once. */
export function createPartitions(
  state: ControllerState,
  request: CreatePartitionsRequest,
): Decision<CreatePartitionsResponseBody> {
  const names = request.topics.map(({ name }) => name)
  const records: MetadataRecordBody[] = []
  const results: CreatePartitionsTopicResultBody[] = []
  for (const topic of request.topics.filter(({ name }, i) => names.indexOf(name) === i)) {
    try {
      if (names.lastIndexOf(topic.name) !== names.indexOf(topic.name)) {
        throw new KafkaError(errorCodes.INVALID_REQUEST, 'Duplicate topic name.')
      }
      for (const record of addPartitions(state, topic, records.length)) records.push(record)
      results.push({ name: topic.name, errorCode: errorCodes.NONE, errorMessage: null })
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      results.push({ name: topic.name, errorCode: error.code, errorMessage: error.message })
    }
  }
  return { records: request.validateOnly ? [] : records, response: { throttleTimeMs: 0, results } }
}

/** `alreadyAdded` by the same request to other topics. */
function addPartitions(
  state: ControllerState,
  request: CreatePartitionsTopic,
  alreadyAdded: number,
): MetadataRecordBody[] {
  const topic = state.image.topics.get(request.name)
  if (topic === undefined) {
    throw new KafkaError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.')
  }
  const present = topic.partitions.length
  if (request.count === present) {
    throw new KafkaError(errorCodes.INVALID_PARTITIONS, `Topic already has ${present} partition(s).`)
  }
  if (request.count < present) {
    throw new KafkaError(
      errorCodes.INVALID_PARTITIONS,
      `The topic ${request.name} currently has ${present} partition(s); ${request.count} would not be an increase.`,
    )
  }
  requireReasonable(alreadyAdded + request.count - present)
  return addedReplicas(state, request, topic).map((replicas, i) => newPartition(state, topic.id, present + i, replicas))
}

function addedReplicas(
  state: ControllerState,
  request: CreatePartitionsTopic,
  topic: TopicImage,
): readonly (readonly number[])[] {
  const additional = request.count - topic.partitions.length
  const replicationFactor = topic.partitions[0]?.replicas.length ?? 1
  if (request.assignments === null) return placeNewPartitions(state, additional, replicationFactor)
  if (request.assignments.length !== additional) {
    throw invalidAssignment(
      `Attempted to add ${additional} additional partition(s), but only ${request.assignments.length} assignment(s) were ` +
        'specified.',
    )
  }
  return request.assignments.map(({ brokerIds }, i) => {
    validateManualAssignment(state, brokerIds, replicationFactor)
    requireActiveReplica(state, topic.partitions.length + i, brokerIds)
    return brokerIds
  })
}
