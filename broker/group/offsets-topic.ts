import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import type { BrokerImage } from '../metadata/image.ts'
import type { CreateTopicsRequestBody } from '../protocol/messages/19-create-topics.ts'

export const offsetsTopicName = '__consumer_offsets'

export type OffsetsTopicSettings = Pick<
  BrokerSettings,
  'offsetsTopicNumPartitions' | 'offsetsTopicReplicationFactor' | 'offsetsTopicSegmentBytes'
>

/** Asks the controller for a topic. What it answers shows in the metadata, or not; whoever needs the topic asks again. */
export type CreateTopic = (topic: CreateTopicsRequestBody['topics'][number]) => Promise<unknown>

/** The topic that groups are kept in, and which of its partitions a group is in. */
export class OffsetsTopic {
  readonly #metadata: MetadataCache
  readonly #settings: OffsetsTopicSettings
  readonly #createTopic: CreateTopic
  #creation: Promise<void> | undefined

  constructor(options: { metadata: MetadataCache; settings: OffsetsTopicSettings; createTopic: CreateTopic }) {
    this.#metadata = options.metadata
    this.#settings = options.settings
    this.#createTopic = options.createTopic
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
      this.#creation ??= this.#create().finally(() => {
        this.#creation = undefined
      })
      return undefined
    }
    const leader = topic.partitions[this.partitionOf(groupId)]?.leader
    const broker = leader === undefined ? undefined : image.brokers.get(leader)
    return broker?.isFenced ? undefined : broker
  }

  async #create(): Promise<void> {
    await this.#createTopic({
      name: offsetsTopicName,
      numPartitions: this.#settings.offsetsTopicNumPartitions,
      replicationFactor: this.#settings.offsetsTopicReplicationFactor,
      assignments: [],
      configs: [
        { name: 'cleanup.policy', value: 'compact' },
        { name: 'compression.type', value: 'producer' },
        { name: 'segment.bytes', value: String(this.#settings.offsetsTopicSegmentBytes) },
      ],
    })
  }
}

/** Java's String.hashCode, which decides where every Kafka broker looks for a group. */
export function javaHashCode(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
