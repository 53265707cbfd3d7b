import { parseLogConfig } from '../log/log-config.ts'
import type { ConfigLayer } from '../metadata/config-layers.ts'
import { topicConfigDefinitions } from '../metadata/topic-config.ts'
import { effectiveTopicConfig } from '../metadata/topic-config-sources.ts'
import type { PartitionConfig } from './partition.ts'

/** What a topic's own configs and the broker's defaults add up to. */
export function resolvePartitionConfig(
  overrides: ReadonlyMap<string, string>,
  brokerLayers: readonly ConfigLayer[],
): PartitionConfig {
  const configs = new Map<string, string>()
  for (const definition of topicConfigDefinitions) {
    const value = effectiveTopicConfig(definition, overrides, brokerLayers)
    if (value !== null) configs.set(definition.name, value)
  }
  return { log: parseLogConfig(configs), minInSyncReplicas: Number(configs.get('min.insync.replicas') ?? 1) }
}
