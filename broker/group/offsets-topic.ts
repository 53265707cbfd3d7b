import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import type { BrokerImage } from '../metadata/image.ts'
import { offsetsTopicName } from '../metadata/topic-name.ts'

export type OffsetsTopicSettings = Pick<BrokerSettings, 'offsetsTopicNumPartitions'>

export interface OffsetsTopicCreator {
  /** Never rejects: whether the topic came into being shows in the metadata, and who needs it asks again. */
  autoCreateTopics(names: readonly string[]): Promise<unknown>
}

/** The topic that groups are kept in, and which of its partitions a group is in. */
export class OffsetsTopic {
  readonly #metadata: MetadataCache
  readonly #settings: OffsetsTopicSettings
  readonly #creator: OffsetsTopicCreator
  #creation: Promise<unknown> | undefined

  constructor(options: { metadata: MetadataCache; settings: OffsetsTopicSettings; creator: OffsetsTopicCreator }) {
    this.#metadata = options.metadata
    this.#settings = options.settings
    this.#creator = options.creator
  }

  partitionOf(groupId: string): number {
    const topic = this.#metadata.image.topics.get(offsetsTopicName)
    const partitions = topic?.partitions.length ?? this.#settings.offsetsTopicNumPartitions
    return (javaHashCode(groupId) & 0x7fffffff) % partitions
  }

  /** The broker that coordinates the group. While there is none, or no topic yet, clients ask again; a missing topic is created. */
  findCoordinator(groupId: string): BrokerImage | undefined {
    const { image } = this.#metadata
    const topic = image.topics.get(offsetsTopicName)
    if (topic === undefined) {
      this.#creation ??= this.#creator.autoCreateTopics([offsetsTopicName]).finally(() => {
        this.#creation = undefined
      })
      return undefined
    }
    const leader = topic.partitions[this.partitionOf(groupId)]?.leader
    const broker = leader === undefined ? undefined : image.brokers.get(leader)
    return broker?.isFenced ? undefined : broker
  }
}

/** Java's String.hashCode, which decides where every Kafka broker looks for a group. */
export function javaHashCode(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
