import type { PartitionImage } from './partition-image.ts'

export interface TopicImage {
  readonly id: string
  readonly name: string
  /** Indexed by partition. */
  readonly partitions: readonly PartitionImage[]
}
