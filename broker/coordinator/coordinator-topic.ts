import type { BrokerImage } from '../metadata/broker-image.ts'
import type { MetadataCache } from '../metadata/cache.ts'

export interface CoordinatorTopicCreator {
  /** Never rejects: whether the topic came into being shows in the metadata, and who needs it asks again. */
  autoCreateTopics(names: readonly string[]): Promise<unknown>
}

/** The internal topic that a kind of coordinator keeps its state in, and which of its partitions a key belongs to. */
export class CoordinatorTopic {
  readonly name: string
  readonly #partitions: number
  readonly #metadata: MetadataCache
  readonly #creator: CoordinatorTopicCreator
  #creation: Promise<unknown> | undefined

  constructor(options: {
    name: string
    /** How many partitions the topic will have while it does not exist. */
    partitions: number
    metadata: MetadataCache
    creator: CoordinatorTopicCreator
  }) {
    this.name = options.name
    this.#partitions = options.partitions
    this.#metadata = options.metadata
    this.#creator = options.creator
  }

  partitionOf(key: string): number {
    const topic = this.#metadata.image.topics.get(this.name)
    const partitions = topic?.partitions.length ?? this.#partitions
    return (javaHashCode(key) & 0x7fffffff) % partitions
  }

  /** The key's coordinator. While there is none, or no topic yet, clients ask again; a missing topic is created. */
  findCoordinator(key: string): BrokerImage | undefined {
    const { image } = this.#metadata
    const topic = image.topics.get(this.name)
    if (topic === undefined) {
      this.#creation ??= this.#creator.autoCreateTopics([this.name]).finally(() => {
        this.#creation = undefined
      })
      return undefined
    }
    const leader = topic.partitions[this.partitionOf(key)]?.leader
    const broker = leader === undefined ? undefined : image.brokers.get(leader)
    return broker?.isFenced ? undefined : broker
  }
}

/** Java's String.hashCode, which decides where every Kafka broker looks for a key. */
export function javaHashCode(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
