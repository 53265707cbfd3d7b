import type { PartitionImage } from './partition-image.ts'
import type { TopicImage } from './topic-image.ts'

/** What a run of records changed, applied without a pause. */
export class MetadataDelta {
  /** Names of topics that were created or changed. */
  readonly topics = new Set<string>()
  /** Names of topics that were deleted, by id. */
  readonly deletedTopics = new Map<string, string>()
  readonly brokers = new Set<number>()
  /** Keys of config resources, see `configKey`. */
  readonly configs = new Set<string>()
  /** By topic id: lists made for this run, which nobody reads before it is over. A copy a record would be quadratic. */
  readonly #partitions = new Map<string, PartitionImage[]>()

  /** A list of the topic's partitions that may be changed until the run is over. */
  partitionsOf(topic: TopicImage): PartitionImage[] {
    const own = this.#partitions.get(topic.id) ?? topic.partitions.slice()
    this.#partitions.set(topic.id, own)
    return own
  }
}
