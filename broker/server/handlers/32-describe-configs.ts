import type { MetadataCache } from '../../metadata/cache.ts'
import { configTypes } from '../../metadata/config-definition.ts'
import { brokerConfigLayers } from '../../metadata/config-layers.ts'
import { configResource } from '../../metadata/config-resource.ts'
import {
  type DescribedConfig,
  describedBrokerConfigs,
  describedBrokerDefaults,
  describedGroupConfigs,
  describedTopicConfigs,
} from '../../metadata/described-configs.ts'
import { validateTopicName } from '../../metadata/topic-name.ts'
import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import {
  type DescribeConfigsRequest,
  type DescribeConfigsResource,
  type DescribeConfigsResultBody,
  describeConfigs,
} from '../../protocol/messages/32-describe-configs.ts'
import type { Access } from '../../security/access.ts'
import { requireConfigAccess } from '../config-access.ts'
import { handler } from '../handler.ts'

/*
 * Versions 1-4. Every config of a topic, of a group or of this broker, with where its value comes from. Client metrics and
 * broker loggers are answered as empty: there are none of the first, no loggers with levels.
 */

const unknownType = 0

export interface DescribingBroker {
  readonly nodeId: number
  /** What this broker was started with, under the names of server.properties. */
  readonly properties: ReadonlyMap<string, string>
  readonly metadata: MetadataCache
}

export const describeConfigsHandler = (broker: DescribingBroker) =>
  handler(describeConfigs, (request, { access }) => ({
    throttleTimeMs: 0,
    results: request.resources.map((resource) => describeResource(broker, resource, request, access)),
  }))

function describeResource(
  broker: DescribingBroker,
  resource: DescribeConfigsResource,
  request: DescribeConfigsRequest,
  access: Access,
): DescribeConfigsResultBody {
  const { resourceType, resourceName, configurationKeys } = resource
  try {
    requireConfigAccess(access, 'describeConfigs', resource)
    const configs = configsOf(broker, resource).filter(({ name }) => configurationKeys?.includes(name) ?? true)
    const shown = configs.map((config) => show(config, request))
    return { errorCode: errorCodes.NONE, errorMessage: '', resourceType, resourceName, configs: shown }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    return { errorCode: error.code, errorMessage: error.message, resourceType, resourceName, configs: [] }
  }
}

function configsOf(broker: DescribingBroker, { resourceType, resourceName }: DescribeConfigsResource) {
  switch (resourceType) {
    case configResource.topic:
      return topicConfigs(broker, resourceName)
    case configResource.broker:
      return brokerConfigs(broker, resourceName)
    case configResource.brokerLogger:
      requireThisBroker(broker, resourceName)
      return []
    case configResource.clientMetrics:
      if (resourceName === '') throw invalid('Client metrics subscription name must not be empty')
      return []
    case configResource.group:
      return groupConfigs(broker, resourceName)
    default:
      throw invalid(`Unsupported resource type: ${resourceType}`)
  }
}

function topicConfigs({ nodeId, properties, metadata }: DescribingBroker, topic: string): DescribedConfig[] {
  validateTopicName(topic)
  const { image } = metadata
  if (!image.topics.has(topic)) throw new KafkaError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, '')
  const layers = brokerConfigLayers({ properties, dynamic: { image, brokerId: nodeId } })
  return describedTopicConfigs(image.topicConfigs(topic), layers)
}

function groupConfigs({ nodeId, properties, metadata }: DescribingBroker, group: string): DescribedConfig[] {
  if (group === '') throw invalid('Group name must not be empty')
  const { image } = metadata
  const layers = brokerConfigLayers({ properties, dynamic: { image, brokerId: nodeId } })
  return describedGroupConfigs(image.groupConfigs(group), layers)
}

/** The empty name stands for the dynamic defaults of all brokers; a broker only knows its own properties. */
function brokerConfigs({ nodeId, properties, metadata }: DescribingBroker, name: string): DescribedConfig[] {
  const { image } = metadata
  if (name === '') return describedBrokerDefaults(image.brokerConfigs(''))
  if (requireBrokerId(name) !== nodeId) {
    throw invalid(`Unexpected broker id, expected ${nodeId} or empty string, but received ${name}`)
  }
  return describedBrokerConfigs(brokerConfigLayers({ properties, dynamic: { image, brokerId: nodeId } }))
}

function requireThisBroker({ nodeId }: DescribingBroker, name: string): void {
  if (name === '') throw invalid('Broker id must not be empty')
  if (requireBrokerId(name) !== nodeId) throw invalid(`Unexpected broker id, expected ${nodeId} but received ${name}`)
}

function requireBrokerId(name: string): number {
  if (!/^\d+$/.test(name)) throw invalid(`Broker id must be an integer, but it is: ${name}`)
  return Number(name)
}

function invalid(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_REQUEST, message)
}

function show(config: DescribedConfig, request: DescribeConfigsRequest) {
  return {
    name: config.name,
    value: config.value,
    readOnly: config.isReadOnly,
    configSource: config.source,
    isSensitive: config.isSensitive,
    synonyms: request.includeSynonyms ? config.synonyms : [],
    configType: config.type === undefined ? unknownType : configTypes[config.type],
    documentation: request.includeDocumentation ? config.documentation : null,
  }
}
