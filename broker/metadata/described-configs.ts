import { findBrokerConfig, knownBrokerConfigs } from './broker-config.ts'
import { type ConfigDefinition, type ConfigType, formatConfig, parseConfig } from './config-definition.ts'
import { type ConfigLayer, configSources } from './config-layers.ts'
import { groupConfigDefinitions, inheritedName } from './group-config.ts'
import { authorizerConfigs } from './security-config.ts'
import { topicConfigDefinitions } from './topic-config.ts'
import {
  brokerSynonymsOf,
  type ConfigSynonym,
  effectiveTopicConfig,
  listBrokerSynonyms,
} from './topic-config-sources.ts'

/** A config as DescribeConfigs shows it. */
export interface DescribedConfig {
  readonly name: string
  /** Undefined for a name that means nothing to the broker itself. */
  readonly type: ConfigType | undefined
  readonly documentation: string | null
  /** Null when unset, and when it is a secret. */
  readonly value: string | null
  readonly source: number
  readonly isReadOnly: boolean
  readonly isSensitive: boolean
  /** Every place that sets it, the one that applies first. */
  readonly synonyms: readonly (Omit<ConfigSynonym, 'value'> & { readonly value: string | null })[]
}

/** All configs of a topic, its own and those it inherits, in the order of their names. */
export function describedTopicConfigs(
  overrides: ReadonlyMap<string, string>,
  brokerLayers: readonly ConfigLayer[],
): DescribedConfig[] {
  return topicConfigDefinitions
    .filter(({ isInternal }) => !isInternal)
    .map((definition) => {
      const [inheritedFrom] = brokerSynonymsOf(definition.name)
      const inherited = inheritedFrom === undefined ? [] : synonymsOf(inheritedFrom.name, brokerLayers)
      const value = format(definition, effectiveTopicConfig(definition, overrides, brokerLayers))
      const isOwn = overrides.has(definition.name)
      const own = { name: definition.name, value: value ?? '', source: configSources.topic }
      const synonyms = isOwn ? [own, ...inherited] : inherited
      return describe(definition, value, synonyms, false)
    })
}

/** All configs of a group, its own and those it inherits from the brokers. */
export function describedGroupConfigs(
  overrides: ReadonlyMap<string, string>,
  brokerLayers: readonly ConfigLayer[],
): DescribedConfig[] {
  return groupConfigDefinitions.map((definition) => {
    const { name } = definition
    const inheritedFrom = inheritedName(name)
    const inherited = inheritedFrom === undefined ? ownDefault(definition) : synonymsOf(inheritedFrom, brokerLayers)
    const override = overrides.get(name)
    const own = override === undefined ? [] : [{ name, value: override, source: configSources.group }]
    const synonyms = [...own, ...inherited]
    return describe(definition, format(definition, synonyms[0]?.value ?? definition.default), synonyms, false)
  })
}

function ownDefault({ name, default: value }: ConfigDefinition): readonly ConfigSynonym[] {
  return value === null ? [] : [{ name, value, source: configSources.default }]
}

/** All configs of a broker, and whatever else it was given. Dynamic ones apply before what it was started with. */
export function describedBrokerConfigs(layers: readonly ConfigLayer[]): DescribedConfig[] {
  const shown = knownBrokerConfigs.filter(({ isInternal }) => !isInternal).map(({ name }) => name)
  const given = layers.flatMap(({ configs }) => [...configs.keys()])
  return [...new Set([...shown, ...given])].map((name) => {
    const definition = findBrokerConfig(name)
    const places = synonymsOf(name, layers)
    // Kafka has the definitions of what it does not show elsewhere, without their defaults.
    const synonyms = definition?.isInternal ? places.filter(({ source }) => source !== configSources.default) : places
    if (definition === undefined || !tellsType(name)) return describeUnknown(name, synonyms)
    const value = synonyms[0]?.value ?? definition.default
    return describe(definition, format(definition, value), synonyms, definition.update === 'read-only')
  })
}

/** Only what is set for all brokers dynamically: Kafka shows no inherited values for the cluster-wide default. */
export function describedBrokerDefaults(configs: ReadonlyMap<string, string>): DescribedConfig[] {
  return [...configs].map(([name, text]) => {
    const definition = tellsType(name) ? findBrokerConfig(name) : undefined
    const value = definition === undefined ? text : (format(definition, text) ?? '')
    const synonym = { name, value, source: configSources.dynamicDefaultBroker }
    if (definition === undefined) return describeUnknown(name, [synonym])
    return describe(definition, value, [synonym], definition.update === 'read-only')
  })
}

/** What Kafka's authorizer reads for itself is to its broker a name like any other. */
function tellsType(name: string): boolean {
  return !authorizerConfigs.includes(name)
}

/** It may be a secret. */
function describeUnknown(name: string, synonyms: readonly ConfigSynonym[]): DescribedConfig {
  return {
    name,
    type: undefined,
    documentation: null,
    value: null,
    source: synonyms[0]?.source ?? configSources.default,
    isReadOnly: true,
    isSensitive: true,
    synonyms: withoutValues(synonyms),
  }
}

function withoutValues(synonyms: readonly ConfigSynonym[]) {
  return synonyms.map((synonym) => ({ ...synonym, value: null }))
}

function describe(
  definition: ConfigDefinition,
  value: string | null,
  synonyms: readonly ConfigSynonym[],
  isReadOnly: boolean,
): DescribedConfig {
  const isSensitive = definition.type === 'password'
  return {
    name: definition.name,
    type: definition.type,
    documentation: definition.documentation,
    value: isSensitive ? null : value,
    source: synonyms[0]?.source ?? configSources.default,
    isReadOnly,
    isSensitive,
    synonyms: isSensitive ? withoutValues(synonyms) : synonyms,
  }
}

function format(definition: ConfigDefinition, value: string | null): string | null {
  return value === null ? null : formatConfig(definition, parseConfig(definition, value))
}

/** Brokers have some configs in several units, of which the finest applies. */
const unitFamilies: readonly (readonly string[])[] = [
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'],
]

/** Kafka lists the other units only from the first place on that sets the config itself. */
function synonymsOf(name: string, layers: readonly ConfigLayer[]): readonly ConfigSynonym[] {
  const family = unitFamilies.find((names) => names.includes(name)) ?? [name]
  const all = listBrokerSynonyms(family, layers)
  const first = all.findIndex((synonym) => synonym.name === name)
  return first === -1 ? [] : all.slice(first)
}
