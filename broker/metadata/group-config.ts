import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { findBrokerConfig } from './broker-config.ts'
import { type ConfigDefinition, parseConfig } from './config-definition.ts'
import type { ConfigLayer } from './config-layers.ts'
import { consumerGroupConfigs } from './consumer-group-config.ts'
import { shareGroupConfigs } from './share-group-config.ts'
import { listBrokerSynonyms } from './topic-config-sources.ts'

/** What groups can set for themselves, in the order of the names. */
export const groupConfigDefinitions: readonly ConfigDefinition[] = [...consumerGroupConfigs, ...shareGroupConfigs].sort(
  (a, b) => (a.name < b.name ? -1 : 1),
)

const definitionsByName: ReadonlyMap<string, ConfigDefinition> = new Map(
  groupConfigDefinitions.map((definition) => [definition.name, definition]),
)

export function findGroupConfig(name: string): ConfigDefinition | undefined {
  return definitionsByName.get(name)
}

/** The broker config that is the default of a group's. */
export function inheritedName(name: string): string | undefined {
  return findBrokerConfig(`group.${name}`)?.name
}

/** Throws INVALID_CONFIG with Kafka's sentences. The brokers bound what a group may want. */
export function validateGroupConfigs(configs: ReadonlyMap<string, string>, brokerLayers: readonly ConfigLayer[]): void {
  for (const [name, text] of configs) {
    const definition = definitionsByName.get(name)
    if (definition === undefined) throw invalid(`Unknown group config name: ${name}`)
    parseConfig(definition, text)
  }
  const effective = (name: string) => Number(configs.get(name) ?? brokerValue(inheritedName(name) ?? '', brokerLayers))
  for (const name of configs.keys()) {
    const [min, max] = [boundName(name, 'min'), boundName(name, 'max')]
    if (findBrokerConfig(min) !== undefined && effective(name) < Number(brokerValue(min, brokerLayers))) {
      throw invalid(`${name} must be greater than or equal to ${min}`)
    }
    if (findBrokerConfig(max) !== undefined && effective(name) > Number(brokerValue(max, brokerLayers))) {
      throw invalid(`${name} must be less than or equal to ${max}`)
    }
  }
  for (const kind of ['consumer', 'share']) {
    const [session, heartbeat] = [`${kind}.session.timeout.ms`, `${kind}.heartbeat.interval.ms`]
    if (effective(session) <= effective(heartbeat)) throw invalid(`${session} must be greater than ${heartbeat}`)
  }
}

/** `group.share.min.session.timeout.ms` for `share.session.timeout.ms`. */
function boundName(name: string, bound: 'min' | 'max'): string {
  return name.replace(/^([^.]+)\./, `group.$1.${bound}.`)
}

function brokerValue(name: string, layers: readonly ConfigLayer[]): string | undefined {
  return listBrokerSynonyms([name], layers)[0]?.value
}

function invalid(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_CONFIG, message)
}
