import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { resolveShareGroupConfig, type ShareGroupConfig } from '../metadata/share-group-config.ts'

/** The configs of share groups as they apply now. */
export class ShareGroupSettings {
  readonly #metadata: MetadataCache
  readonly #settings: () => BrokerSettings
  readonly #resolved = new Map<string, ShareGroupConfig>()

  constructor(metadata: MetadataCache, settings: () => BrokerSettings) {
    this.#metadata = metadata
    this.#settings = settings
    metadata.onChange(({ configs }) => {
      if (configs.size > 0) this.#resolved.clear()
    })
  }

  of(groupId: string): ShareGroupConfig {
    let config = this.#resolved.get(groupId)
    if (config === undefined) {
      config = resolveShareGroupConfig(this.#metadata.image.groupConfigs(groupId), this.#settings())
      this.#resolved.set(groupId, config)
    }
    return config
  }
}
