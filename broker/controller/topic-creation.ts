import { configResource } from '../metadata/config-resource.ts'
import { describedTopicConfigs } from '../metadata/described-configs.ts'
import type { MetadataRecordBody } from '../metadata/records.ts'
import { validateTopicConfigs } from '../metadata/topic-config.ts'
import { sourceOfTopicConfig } from '../metadata/topic-config-sources.ts'
import { clusterMetadataTopicName, requireNoCollision, validateTopicName } from '../metadata/topic-name.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type {
  CreatableTopic,
  CreatableTopicResultBody,
  CreateTopicsRequest,
  CreateTopicsResponseBody,
} from '../protocol/messages/19-create-topics.ts'
import { zeroUuid } from '../protocol/schema.ts'
import { type ControllerState, clusterConfigLayers, type Decision } from './controller-state.ts'
import { invalidAssignment, validateManualAssignment } from './manual-assignment.ts'
import { newPartition, placeNewPartitions, requireActiveReplica, requireReasonable } from './new-partition.ts'

interface NewTopic {
  readonly records: readonly MetadataRecordBody[]
  readonly result: CreatableTopicResultBody
}

/** Each topic is created or refused by itself; with `validateOnly` everything is checked and nothing written. */
export function createTopics(state: ControllerState, request: CreateTopicsRequest): Decision<CreateTopicsResponseBody> {
  const newPartitions = countPartitions(state, request)
  const names = request.topics.map(({ name }) => name)
  const created = new Set<string>()
  const answered = new Set<string>()
  const records: MetadataRecordBody[] = []
  const topics: CreatableTopicResultBody[] = []
  for (const topic of request.topics) {
    if (answered.has(topic.name)) continue
    answered.add(topic.name)
    try {
      requireReasonable(newPartitions)
      if (names.indexOf(topic.name) !== names.lastIndexOf(topic.name)) {
        throw new KafkaError(errorCodes.INVALID_REQUEST, 'Duplicate topic name.')
      }
      requireNewName(state, topic.name, created)
      const { records: newRecords, result } = createTopic(state, topic)
      records.push(...newRecords)
      topics.push(result)
      created.add(topic.name)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      topics.push(refused(topic.name, error))
    }
  }
  return { records: request.validateOnly ? [] : records, response: { throttleTimeMs: 0, topics } }
}

function countPartitions(state: ControllerState, request: CreateTopicsRequest): number {
  const counts = request.topics.map(({ assignments, numPartitions }) => {
    if (assignments.length > 0) return assignments.length
    return numPartitions === -1 ? state.settings.numPartitions : Math.max(numPartitions, 0)
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

function requireNewName(state: ControllerState, name: string, created: ReadonlySet<string>): void {
  if (name === clusterMetadataTopicName) {
    throw new KafkaError(errorCodes.INVALID_REQUEST, `Creation of internal topic ${name} is prohibited.`)
  }
  validateTopicName(name)
  if (state.image.topics.has(name)) {
    throw new KafkaError(errorCodes.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`)
  }
  requireNoCollision(name, state.image.topics.keys())
  requireNoCollision(name, created)
}

function createTopic(state: ControllerState, topic: CreatableTopic): NewTopic {
  const configs = readConfigs(topic)
  validateTopicConfigs(configs)
  const placements = topic.assignments.length > 0 ? assignedReplicas(state, topic) : placedReplicas(state, topic)
  const topicId = state.newTopicId()
  const records: MetadataRecordBody[] = [{ type: 'TopicRecord', name: topic.name, topicId }]
  for (const [name, value] of configs) {
    records.push({ type: 'ConfigRecord', resourceType: configResource.topic, resourceName: topic.name, name, value })
  }
  for (const [partitionId, replicas] of placements.entries()) {
    records.push(newPartition(state, topicId, partitionId, replicas))
  }
  const layers = clusterConfigLayers(state)
  return {
    records,
    result: {
      name: topic.name,
      topicId,
      errorCode: errorCodes.NONE,
      errorMessage: null,
      numPartitions: placements.length,
      replicationFactor: placements[0]?.length ?? -1,
      configs: describedTopicConfigs(configs, layers).map(({ name, value }) => ({
        name,
        value,
        readOnly: false,
        configSource: sourceOfTopicConfig(name, configs, layers),
        isSensitive: false,
      })),
    },
  }
}

function readConfigs(topic: CreatableTopic): Map<string, string> {
  const configs = new Map<string, string>()
  const withoutValue: string[] = []
  for (const { name, value } of topic.configs) {
    if (value === null) withoutValue.push(name)
    else configs.set(name, value)
  }
  if (withoutValue.length > 0) {
    const message = `Null value not supported for topic configs: ${withoutValue.join(',')}`
    throw new KafkaError(errorCodes.INVALID_CONFIG, message)
  }
  return configs
}

function assignedReplicas(state: ControllerState, topic: CreatableTopic): (readonly number[])[] {
  const unset = 'A manual partition assignment was specified, but'
  if (topic.replicationFactor !== -1) {
    throw new KafkaError(errorCodes.INVALID_REQUEST, `${unset} replication factor was not set to -1.`)
  }
  if (topic.numPartitions !== -1) {
    throw new KafkaError(errorCodes.INVALID_REQUEST, `${unset} numPartitions was not set to -1.`)
  }
  const placements = new Map<number, readonly number[]>()
  let replicationFactor: number | undefined
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (placements.has(partitionIndex)) {
      throw invalidAssignment(`Found multiple manual partition assignments for partition ${partitionIndex}`)
    }
    validateManualAssignment(state, brokerIds, replicationFactor)
    requireActiveReplica(state, partitionIndex, brokerIds)
    replicationFactor = brokerIds.length
    placements.set(partitionIndex, brokerIds)
  }
  return Array.from({ length: placements.size }, (_, partitionId) => {
    const replicas = placements.get(partitionId)
    if (replicas === undefined) {
      throw invalidAssignment('partitions should be a consecutive 0-based integer sequence')
    }
    return replicas
  })
}

function placedReplicas(state: ControllerState, topic: CreatableTopic): (readonly number[])[] {
  const { numPartitions, replicationFactor } = topic
  if (replicationFactor < -1 || replicationFactor === 0) {
    throw new KafkaError(
      errorCodes.INVALID_REPLICATION_FACTOR,
      'Replication factor must be larger than 0, or -1 to use the default value.',
    )
  }
  if (numPartitions < -1 || numPartitions === 0) {
    const message = 'Number of partitions was set to an invalid non-positive value.'
    throw new KafkaError(errorCodes.INVALID_PARTITIONS, message)
  }
  return placeNewPartitions(
    state,
    numPartitions === -1 ? state.settings.numPartitions : numPartitions,
    replicationFactor === -1 ? state.settings.defaultReplicationFactor : replicationFactor,
  )
}

function refused(name: string, error: KafkaError): CreatableTopicResultBody {
  return {
    name,
    topicId: zeroUuid,
    errorCode: error.code,
    errorMessage: error.message,
    topicConfigErrorCode: errorCodes.NONE,
    configs: [],
  }
}
