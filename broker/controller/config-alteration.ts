import { findBrokerConfig } from '../metadata/broker-config.ts'
import type { ConfigDefinition } from '../metadata/config-definition.ts'
import { brokerConfigLayers } from '../metadata/config-layers.ts'
import { configKey, configResource } from '../metadata/config-resource.ts'
import { findGroupConfig, validateGroupConfigs } from '../metadata/group-config.ts'
import type { MetadataRecordBody } from '../metadata/records.ts'
import { findTopicConfig, validateTopicConfigs } from '../metadata/topic-config.ts'
import { effectiveTopicConfig, listBrokerSynonyms } from '../metadata/topic-config-sources.ts'
import { validateTopicName } from '../metadata/topic-name.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { AlterConfigsRequest, AlterConfigsResponseBody } from '../protocol/messages/33-alter-configs.ts'
import type { IncrementalAlterConfigsRequest } from '../protocol/messages/44-incremental-alter-configs.ts'
import { validateBrokerAlteration } from './broker-config-alteration.ts'
import { type ControllerState, clusterConfigLayers, type Decision } from './controller-state.ts'
import { forgetEligibleOf } from './elr-safety.ts'

const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const

const operationNames: Readonly<Record<number, string>> = { 2: 'APPEND', 3: 'SUBTRACT' }

const configValueBytesMax = 32_767

interface Resource {
  readonly resourceType: number
  readonly resourceName: string
}

type ConfigMap = ReadonlyMap<string, string>

type ConfigRecordBody = Extract<MetadataRecordBody, { type: 'ConfigRecord' }>

/** SET, DELETE, APPEND and SUBTRACT on some configs of each resource; the rest stay. Resources succeed or fail alone. */
export function incrementalAlterConfigs(
  state: ControllerState,
  request: IncrementalAlterConfigsRequest,
): Decision<AlterConfigsResponseBody> {
  return alterResources(state, request, (resource, current) => {
    const names = resource.configs.map(({ name }) => name)
    requireDistinct(names)
    const withoutValue = resource.configs.filter((config) => {
      return config.value === null && config.configOperation !== operations.delete
    })
    requireNoNulls(withoutValue.map(({ name }) => name))
    const next = new Map(current)
    for (const { name, configOperation, value } of resource.configs) {
      const altered = applyOperation(state, resource, { name, configOperation, value: value ?? '' })
      if (altered === undefined) next.delete(name)
      else next.set(name, altered)
    }
    return { next, touched: new Set(names) }
  })
}

/** Replaces all configs of each resource: what is not named falls back to its default. */
export function alterConfigs(state: ControllerState, request: AlterConfigsRequest): Decision<AlterConfigsResponseBody> {
  return alterResources(state, request, (resource, current) => {
    const names = resource.configs.map(({ name }) => name)
    requireDistinct(names)
    requireNoNulls(resource.configs.filter(({ value }) => value === null).map(({ name }) => name))
    const next = new Map(resource.configs.map(({ name, value }) => [name, value ?? '']))
    return { next, touched: new Set([...names, ...current.keys()]) }
  })
}

interface Alteration {
  readonly next: ConfigMap
  readonly touched: ReadonlySet<string>
}

function alterResources<R extends Resource>(
  state: ControllerState,
  request: { resources: readonly R[]; validateOnly: boolean },
  alter: (resource: R, current: ConfigMap) => Alteration,
): Decision<AlterConfigsResponseBody> {
  const keys = request.resources.map(({ resourceType, resourceName }) => configKey(resourceType, resourceName))
  const records: MetadataRecordBody[] = []
  const responses = request.resources.map((resource) => {
    const { resourceType, resourceName } = resource
    try {
      const key = configKey(resourceType, resourceName)
      if (keys.indexOf(key) !== keys.lastIndexOf(key)) {
        throw new KafkaError(errorCodes.INVALID_REQUEST, 'Each resource must appear at most once.')
      }
      const current: ConfigMap = state.image.configs.get(key) ?? new Map()
      requireResource(state, resource)
      const { next, touched } = alter(resource, current)
      validate(state, resource, next, touched)
      const changes = recordsOf(resource, current, next, touched)
      const isMinIsrChanged = changes.some(({ name }) => name === 'min.insync.replicas')
      for (const record of changes) records.push(record)
      for (const record of isMinIsrChanged ? forgetEligibleOf(state, resource) : []) records.push(record)
      return { resourceType, resourceName, errorCode: errorCodes.NONE, errorMessage: null }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return { resourceType, resourceName, errorCode: error.code, errorMessage: error.message }
    }
  })
  return { records: request.validateOnly ? [] : records, response: { throttleTimeMs: 0, responses } }
}

function requireResource(state: ControllerState, { resourceType, resourceName }: Resource): void {
  switch (resourceType) {
    case configResource.topic:
      if (resourceName === '') {
        throw new KafkaError(errorCodes.INVALID_REQUEST, 'Default topic resources are not allowed.')
      }
      validateTopicName(resourceName)
      if (!state.image.topics.has(resourceName)) {
        const message = `The topic '${resourceName}' does not exist.`
        throw new KafkaError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, message)
      }
      return
    case configResource.broker:
      requireBroker(state, resourceName)
      return
    case configResource.group:
      // A group need not exist: what it shall have may be set before its first member comes.
      if (resourceName === '')
        throw new KafkaError(errorCodes.INVALID_REQUEST, 'Default group resources are not allowed.')
      return
    case configResource.clientMetrics:
      throw refused('This cluster does not collect the metrics of clients.')
    case configResource.brokerLogger:
      throw refused('The brokers of this cluster have no loggers with levels.')
    default:
      throw refused(`Unknown resource type ${resourceType}`)
  }
}

function requireBroker(state: ControllerState, resourceName: string): void {
  if (resourceName === '') return
  if (!/^-?\d+$/.test(resourceName)) {
    throw new KafkaError(errorCodes.INVALID_REQUEST, `Node id must be an integer, but it is: ${resourceName}`)
  }
  if (!state.image.brokers.has(Number(resourceName))) {
    throw new KafkaError(errorCodes.BROKER_ID_NOT_REGISTERED, `No broker with id ${resourceName} found.`)
  }
}

function requireDistinct(names: readonly string[]): void {
  if (new Set(names).size === names.length) return
  throw new KafkaError(errorCodes.INVALID_REQUEST, 'Error due to duplicate config keys')
}

function requireNoNulls(names: readonly string[]): void {
  if (names.length === 0) return
  throw new KafkaError(errorCodes.INVALID_REQUEST, `Null value not supported for : ${names.join(', ')}`)
}

function applyOperation(
  state: ControllerState,
  resource: Resource,
  { name, configOperation, value }: { name: string; configOperation: number; value: string },
): string | undefined {
  switch (configOperation) {
    case operations.set:
      return value
    case operations.delete:
      return undefined
    case operations.append:
    case operations.subtract: {
      const definition = findDefinition(resource, name)
      if (definition?.type !== 'list') {
        const message = `Can't ${operationNames[configOperation]} to key ${name} because its type is not LIST.`
        throw new KafkaError(errorCodes.INVALID_CONFIG, message)
      }
      const elements = splitList(valueInForce(state, resource, definition) ?? '')
      const given = splitList(value)
      return configOperation === operations.append
        ? [...new Set([...elements, ...given])].join(',')
        : elements.filter((element) => !given.includes(element)).join(',')
    }
    default:
      throw new KafkaError(errorCodes.INVALID_REQUEST, `Unknown operation type ${configOperation}`)
  }
}

/** The resource's own value, or what it inherits. */
function valueInForce(
  state: ControllerState,
  { resourceType, resourceName }: Resource,
  definition: ConfigDefinition,
): string | null {
  const { image, properties } = state
  switch (resourceType) {
    case configResource.topic:
      return effectiveTopicConfig(definition, image.topicConfigs(resourceName), clusterConfigLayers(state))
    case configResource.broker: {
      const brokerId = resourceName === '' ? -1 : Number(resourceName)
      const layers = brokerConfigLayers({ properties, dynamic: { image, brokerId } })
      return listBrokerSynonyms([definition.name], layers)[0]?.value ?? null
    }
    default:
      return image.configs.get(configKey(resourceType, resourceName))?.get(definition.name) ?? definition.default
  }
}

function splitList(value: string): string[] {
  return value.trim() === '' ? [] : value.trim().split(/\s*,\s*/)
}

function findDefinition({ resourceType }: Resource, name: string): ConfigDefinition | undefined {
  if (resourceType === configResource.topic) return findTopicConfig(name)
  return resourceType === configResource.group ? findGroupConfig(name) : findBrokerConfig(name)
}

function validate(state: ControllerState, resource: Resource, next: ConfigMap, touched: ReadonlySet<string>): void {
  for (const name of touched) {
    if (Buffer.byteLength(next.get(name) ?? '') <= configValueBytesMax) continue
    throw new KafkaError(
      errorCodes.INVALID_CONFIG,
      `The configuration value cannot be added because it exceeds the maximum value size of ${configValueBytesMax} bytes.`,
    )
  }
  if (resource.resourceType === configResource.topic) validateTopicConfigs(next)
  else if (resource.resourceType === configResource.group) validateGroupConfigs(next, clusterConfigLayers(state))
  else validateBrokerAlteration(state, resource.resourceName, next, touched)
}

function refused(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_REQUEST, message)
}

function recordsOf(
  { resourceType, resourceName }: Resource,
  current: ConfigMap,
  next: ConfigMap,
  touched: ReadonlySet<string>,
): ConfigRecordBody[] {
  return [...touched]
    .filter((name) => current.get(name) !== next.get(name))
    .map((name) => ({ type: 'ConfigRecord', resourceType, resourceName, name, value: next.get(name) ?? null }))
}
