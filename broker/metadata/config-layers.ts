import type { MetadataImage } from './image.ts'

/** Where a value comes from, with Kafka's numbers. */
export const configSources = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefaultBroker: 3,
  staticBroker: 4,
  default: 5,
  group: 8,
} as const

/** Broker configs from one source. */
export interface ConfigLayer {
  readonly source: number
  readonly configs: ReadonlyMap<string, string>
}

/** What applies to a broker, the strongest first, without the defaults of the definitions. */
export function brokerConfigLayers(sources: {
  /** What the broker was started with. */
  properties: ReadonlyMap<string, string>
  dynamic?: { image: MetadataImage; brokerId: number }
}): readonly ConfigLayer[] {
  const layers: ConfigLayer[] = []
  if (sources.dynamic !== undefined) {
    const { image, brokerId } = sources.dynamic
    layers.push({ source: configSources.dynamicBroker, configs: image.brokerConfigs(brokerId) })
    layers.push({ source: configSources.dynamicDefaultBroker, configs: image.brokerConfigs('') })
  }
  layers.push({ source: configSources.staticBroker, configs: sources.properties })
  return layers
}
