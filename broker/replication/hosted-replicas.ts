import type { LogDirectory } from '../log/log-directory.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import type { PartitionImage } from '../metadata/partition-image.ts'
import type { TopicImage } from '../metadata/topic-image.ts'
import { Partition } from './partition.ts'
import type { PartitionConfig, PartitionHost } from './partition-host.ts'
import type { ReplicaFetchers } from './replica-fetchers.ts'

interface HostedTopic {
  readonly id: string
  readonly name: string
  config: PartitionConfig
  /** Indexed by partition; holes where another broker has the replicas. */
  readonly partitions: (Partition | undefined)[]
  /** What was carried out last: images are replaced, never changed. */
  readonly images: (PartitionImage | undefined)[]
}

/**
 * Makes the replicas of this broker what the metadata says: opens and deletes logs, leads and follows. Changes of one
 * topic are carried out one after the other, those of different topics side by side.
 */
export class HostedReplicas {
  readonly #logs: LogDirectory
  readonly #metadata: MetadataCache
  readonly #fetchers: ReplicaFetchers
  readonly #host: PartitionHost
  readonly #configOf: (topic: string) => PartitionConfig
  readonly #onRole: (partition: Partition, isLeader: boolean) => void
  readonly #onFailure: (error: unknown) => void
  readonly #topics = new Map<string, HostedTopic>()
  readonly #topicsById = new Map<string, HostedTopic>()
  /** By topic name: when the last change under way is done. */
  readonly #changes = new Map<string, Promise<void>>()
  #isClosed = false

  constructor(options: {
    logs: LogDirectory
    metadata: MetadataCache
    fetchers: ReplicaFetchers
    host: PartitionHost
    configOf: (topic: string) => PartitionConfig
    /** Told after a replica took its role: with false also when it is given up. */
    onRole: (partition: Partition, isLeader: boolean) => void
    onFailure: (error: unknown) => void
  }) {
    this.#logs = options.logs
    this.#metadata = options.metadata
    this.#fetchers = options.fetchers
    this.#host = options.host
    this.#configOf = options.configOf
    this.#onRole = options.onRole
    this.#onFailure = options.onFailure
  }

  get(topic: string, index: number): Partition | undefined {
    return this.#topics.get(topic)?.partitions[index]
  }

  getById(topicId: string, index: number): Partition | undefined {
    return this.#topicsById.get(topicId)?.partitions[index]
  }

  *all(): Generator<Partition, void, undefined> {
    for (const topic of this.#topics.values()) {
      for (const partition of topic.partitions) if (partition !== undefined) yield partition
    }
  }

  /** Makes what is hosted of a topic what the image says at the time it gets to it, whatever happened in between. */
  reconcile(name: string): void {
    const previous = this.#changes.get(name) ?? Promise.resolve()
    const change = previous
      .then(() => this.#reconcileTopic(name))
      .catch((error: unknown) => this.#onFailure(error))
      .finally(() => {
        if (this.#changes.get(name) === change) this.#changes.delete(name)
      })
    this.#changes.set(name, change)
  }

  /** After configs changed. */
  configure(): void {
    for (const topic of this.#topics.values()) {
      topic.config = this.#configOf(topic.name)
      for (const partition of topic.partitions) partition?.configure(topic.config)
    }
  }

  /** Ends the role of a replica, whose log stays. */
  async giveUp(partition: Partition): Promise<void> {
    this.#fetchers.unfollow(partition)
    await partition.stop()
    this.#onRole(partition, false)
  }

  /** Removes the folders of topics that were deleted, or of replicas that were moved away, while this broker was down. */
  async deleteStrays(): Promise<void> {
    for (const { topic, partition } of [...this.#logs.entries()]) {
      if (this.get(topic, partition) === undefined) await this.#logs.delete(topic, partition)
    }
  }

  /** Resolves when all metadata that has arrived is carried out. */
  async settled(): Promise<void> {
    while (this.#changes.size > 0) await Promise.all(this.#changes.values())
  }

  /** What arrives from now on is left undone. The replicas keep their roles. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.settled()
  }

  async #reconcileTopic(name: string): Promise<void> {
    if (this.#isClosed) return
    const topic = this.#metadata.image.topics.get(name)
    const hosted = this.#topics.get(name)
    // A topic that was created again under the same name is another one.
    if (hosted !== undefined && hosted.id !== topic?.id) await this.#dropTopic(hosted)
    if (topic === undefined) return
    const { images } = this.#hostTopic(topic)
    const changes = topic.partitions.map(async (image, index) => {
      if (images[index] === image) return
      try {
        await this.#reconcilePartition(topic, index, image)
        images[index] = image
      } catch (error) {
        // A folder that cannot be opened is one partition's trouble; it is tried again with the next change.
        this.#onFailure(error)
      }
    })
    await Promise.all(changes)
  }

  async #reconcilePartition(topic: TopicImage, index: number, image: PartitionImage): Promise<void> {
    const existing = this.getById(topic.id, index)
    if (!image.replicas.includes(this.#host.nodeId)) {
      if (existing !== undefined) await this.#drop(existing)
      return
    }
    if (this.#logs.isOffline) return
    const partition = existing ?? (await this.#open(topic, index))
    if (image.leader === this.#host.nodeId) {
      this.#fetchers.unfollow(partition)
      if (await partition.lead(image)) this.#onRole(partition, true)
    } else if (partition.follow(image)) {
      this.#fetchers.follow(partition)
      this.#onRole(partition, false)
    }
  }

  async #open(topic: TopicImage, index: number): Promise<Partition> {
    const hosted = this.#hostTopic(topic)
    const log = await this.#logs.openOrCreate(topic.name, index, topic.id, hosted.config.log)
    const partition = new Partition({
      topic: topic.name,
      topicId: topic.id,
      index,
      log,
      // Read only now: it may have changed while the log was opened.
      config: hosted.config,
      highWatermark: this.#logs.highWatermark(topic.name, index),
      host: this.#host,
    })
    hosted.partitions[index] = partition
    return partition
  }

  #hostTopic(topic: TopicImage): HostedTopic {
    let hosted = this.#topicsById.get(topic.id)
    if (hosted === undefined) {
      hosted = { id: topic.id, name: topic.name, config: this.#configOf(topic.name), partitions: [], images: [] }
      this.#topics.set(topic.name, hosted)
      this.#topicsById.set(topic.id, hosted)
    }
    return hosted
  }

  async #dropTopic(topic: HostedTopic): Promise<void> {
    this.#topics.delete(topic.name)
    this.#topicsById.delete(topic.id)
    for (const partition of topic.partitions) if (partition !== undefined) await this.#drop(partition)
  }

  async #drop(partition: Partition): Promise<void> {
    const hosted = this.#topicsById.get(partition.topicId)
    if (hosted !== undefined) hosted.partitions[partition.index] = undefined
    await this.giveUp(partition)
    await this.#logs.delete(partition.topic, partition.index)
  }
}
