import type { BrokerSettings } from '../../metadata/broker-config.ts'
import type { MetadataCache } from '../../metadata/cache.ts'
import { configKey, configResource } from '../../metadata/config-resource.ts'
import { resolveConsumerGroupConfig } from '../../metadata/consumer-group-config.ts'
import type { ConsumerGroupConfig } from './consumer-rebalance.ts'

const noConfigs: ReadonlyMap<string, string> = new Map()

/** The configs of consumer groups as they apply now. */
export class ConsumerGroupSettings {
  readonly #metadata: MetadataCache
  readonly #settings: BrokerSettings
  readonly #resolved = new Map<string, ConsumerGroupConfig>()
  readonly #unaltered: ConsumerGroupConfig

  constructor(metadata: MetadataCache, settings: BrokerSettings) {
    this.#metadata = metadata
    this.#settings = settings
    this.#unaltered = this.#resolve(noConfigs)
    metadata.onChange(({ configs }) => {
      if (configs.size > 0) this.#resolved.clear()
    })
  }

  of(groupId: string): ConsumerGroupConfig {
    const overrides = this.#metadata.image.configs.get(configKey(configResource.group, groupId))
    if (overrides === undefined) return this.#unaltered
    let config = this.#resolved.get(groupId)
    if (config === undefined) {
      config = this.#resolve(overrides)
      this.#resolved.set(groupId, config)
    }
    return config
  }

  #resolve(overrides: ReadonlyMap<string, string>): ConsumerGroupConfig {
    const config = resolveConsumerGroupConfig(overrides, this.#settings)
    return {
      sessionTimeoutMs: config.consumerSessionTimeoutMs,
      heartbeatIntervalMs: config.consumerHeartbeatIntervalMs,
      assignmentIntervalMs: config.consumerAssignmentIntervalMs,
    }
  }
}
