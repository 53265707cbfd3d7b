import { findBrokerConfig } from './broker-config.ts'
import { type ConfigDefinition, parseConfigs } from './config-definition.ts'
import { type ConfigLayer, configSources } from './config-layers.ts'
import { type TopicConfig, topicConfigDefinitions } from './topic-config.ts'

interface BrokerSynonym {
  readonly name: string
  /** What one unit of the broker config is in the topic's. */
  readonly factor: number
}

const hourMs = 3_600_000
const minuteMs = 60_000

/** The broker configs that a topic config falls back to, the strongest first; most have one of the same unit. */
const brokerSynonyms: Readonly<Record<string, readonly BrokerSynonym[]>> = {
  'cleanup.policy': same('log.cleanup.policy'),
  'compression.gzip.level': same('compression.gzip.level'),
  'compression.lz4.level': same('compression.lz4.level'),
  'compression.type': same('compression.type'),
  'compression.zstd.level': same('compression.zstd.level'),
  'delete.retention.ms': same('log.cleaner.delete.retention.ms'),
  'file.delete.delay.ms': same('log.segment.delete.delay.ms'),
  'flush.messages': same('log.flush.interval.messages'),
  'flush.ms': [...same('log.flush.interval.ms'), ...same('log.flush.scheduler.interval.ms')],
  'index.interval.bytes': same('log.index.interval.bytes'),
  'local.retention.bytes': same('log.local.retention.bytes'),
  'local.retention.ms': same('log.local.retention.ms'),
  'max.compaction.lag.ms': same('log.cleaner.max.compaction.lag.ms'),
  'max.message.bytes': same('message.max.bytes'),
  'message.timestamp.after.max.ms': same('log.message.timestamp.after.max.ms'),
  'message.timestamp.before.max.ms': same('log.message.timestamp.before.max.ms'),
  'message.timestamp.type': same('log.message.timestamp.type'),
  'min.cleanable.dirty.ratio': same('log.cleaner.min.cleanable.ratio'),
  'min.compaction.lag.ms': same('log.cleaner.min.compaction.lag.ms'),
  'min.insync.replicas': same('min.insync.replicas'),
  preallocate: same('log.preallocate'),
  'retention.bytes': same('log.retention.bytes'),
  'retention.ms': [
    ...same('log.retention.ms'),
    { name: 'log.retention.minutes', factor: minuteMs },
    { name: 'log.retention.hours', factor: hourMs },
  ],
  'segment.bytes': same('log.segment.bytes'),
  'segment.index.bytes': same('log.index.size.max.bytes'),
  'segment.jitter.ms': [...same('log.roll.jitter.ms'), { name: 'log.roll.jitter.hours', factor: hourMs }],
  'segment.ms': [...same('log.roll.ms'), { name: 'log.roll.hours', factor: hourMs }],
  'unclean.leader.election.enable': same('unclean.leader.election.enable'),
}

function same(name: string): readonly BrokerSynonym[] {
  return [{ name, factor: 1 }]
}

export function brokerSynonymsOf(topicConfig: string): readonly BrokerSynonym[] {
  return brokerSynonyms[topicConfig] ?? []
}

/** A value with where it was found, in DescribeConfigs' terms. */
export interface ConfigSynonym {
  readonly name: string
  readonly value: string
  readonly source: number
}

/** Every place that sets a broker config or one of its older names, the one that applies first. */
export function listBrokerSynonyms(names: readonly string[], layers: readonly ConfigLayer[]): readonly ConfigSynonym[] {
  const found: ConfigSynonym[] = []
  for (const { source, configs } of layers) {
    for (const name of names) {
      const value = configs.get(name)
      if (value !== undefined) found.push({ name, value, source })
    }
  }
  for (const name of names) {
    const value = findBrokerConfig(name)?.default ?? null
    if (value !== null) found.push({ name, value, source: configSources.default })
  }
  return found
}

/** The value of one config of a topic; null when nothing sets it. */
export function effectiveTopicConfig(
  definition: ConfigDefinition,
  overrides: ReadonlyMap<string, string>,
  brokerLayers: readonly ConfigLayer[],
): string | null {
  const override = overrides.get(definition.name)
  if (override !== undefined) return override
  // Unlike the list of synonyms, the name decides before the source: log.retention.ms beats log.retention.hours.
  for (const { name, factor } of brokerSynonymsOf(definition.name)) {
    const value = listBrokerSynonyms([name], brokerLayers)[0]?.value
    if (value !== undefined) return factor === 1 ? value : String(inMilliseconds(Number(value), factor))
  }
  return definition.default
}

/** Where CreateTopics says that a value comes from: unlike DescribeConfigs it counts a broker config of any unit. */
export function sourceOfTopicConfig(
  name: string,
  overrides: ReadonlyMap<string, string>,
  brokerLayers: readonly ConfigLayer[],
): number {
  if (overrides.has(name)) return configSources.topic
  const inherited = brokerSynonymsOf(name)
  const layer = brokerLayers.find(({ configs }) => inherited.some((synonym) => configs.has(synonym.name)))
  return layer?.source ?? configSources.default
}

/** Negative hours mean for ever, as -1 milliseconds do. */
function inMilliseconds(value: number, factor: number): number {
  return value < 0 ? -1 : value * factor
}

export function resolveTopicConfig(
  overrides: ReadonlyMap<string, string>,
  brokerLayers: readonly ConfigLayer[],
): TopicConfig {
  return parseConfigs(topicConfigDefinitions, (definition) => effectiveTopicConfig(definition, overrides, brokerLayers))
}
