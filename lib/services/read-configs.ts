import type { ConfigEntry } from '../contract/config-entry.ts'
import type { ClusterConnection } from '../kafka/cluster-connection.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { configResourceType, describeConfigs } from '../kafka/operations/describe-configs.ts'

/** Every config of one topic, in the cluster's order by name. Throws `KafkaError`. */
export async function readTopicConfigs(connection: ClusterConnection, topic: string): Promise<ConfigEntry[]> {
  const resources = [{ type: configResourceType.topic, name: topic }]
  return entriesOf(await connection.sendToAny(describeConfigs, { resources, withDetails: true }))
}

/** Every config of one broker, which only that broker can tell. Throws `KafkaError`. */
export async function readBrokerConfigs(connection: ClusterConnection, brokerId: number): Promise<ConfigEntry[]> {
  const resources = [{ type: configResourceType.broker, name: `${brokerId}` }]
  return entriesOf(await connection.sendTo(brokerId, describeConfigs, { resources, withDetails: true }))
}

type DescribedConfigs = Awaited<ReturnType<typeof describeConfigs.send>>

function entriesOf({ results }: DescribedConfigs): ConfigEntry[] {
  const [result] = results
  if (result === undefined) throw new KafkaError(-1, 'The answer names no resource.')
  if (result.errorCode !== 0) throw new KafkaError(result.errorCode, result.errorMessage ?? null)
  return result.configs
    .map((config): ConfigEntry => {
      const source = sources[config.configSource] ?? 'unknown'
      return {
        name: config.name,
        value: config.isSensitive ? null : (config.value ?? null),
        isDefault: source !== 'topic' && source !== 'dynamicBroker' && source !== 'group',
        isReadOnly: config.readOnly,
        isSensitive: config.isSensitive,
        source,
        type: types[config.configType] ?? 'unknown',
        documentation: config.documentation ?? null,
        synonyms: config.synonyms.map((synonym) => ({
          name: synonym.name,
          value: config.isSensitive ? null : (synonym.value ?? null),
          source: sources[synonym.source] ?? 'unknown',
        })),
      }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** `org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource` and `.ConfigType`. */
const sources: Readonly<Record<number, ConfigEntry['source']>> = {
  1: 'topic',
  2: 'dynamicBroker',
  3: 'dynamicDefaultBroker',
  4: 'staticBroker',
  5: 'default',
  8: 'group',
}
const types: Readonly<Record<number, ConfigEntry['type']>> = {
  1: 'boolean',
  2: 'string',
  3: 'int',
  4: 'short',
  5: 'long',
  6: 'double',
  7: 'list',
  8: 'class',
  9: 'password',
}
