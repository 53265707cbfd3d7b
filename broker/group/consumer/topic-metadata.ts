import { createHash } from 'node:crypto'
import type { MetadataImage } from '../../metadata/image.ts'
import type { TopicImage } from '../../metadata/topic-image.ts'

/** What a coordinator needs to know of the cluster's topics. */
export interface TopicMetadata {
  readonly image: MetadataImage
  /** Grows with every change of the metadata. */
  readonly offset: number
}

/**
 * A number that changes when one of these topics comes, goes, is created anew, grows or moves to other racks (KIP-1101).
 * Apache Kafka has another hash of the same; they need not agree, since a coordinator that takes over only starts one
 * rebalance more. Below 2^48, so that it is exact as a number.
 */
export function hashTopics({ image }: TopicMetadata, topics: Iterable<string>): number {
  const hash = createHash('sha1')
  let isAny = false
  for (const name of [...topics].sort()) {
    const topic = image.topics.get(name)
    if (topic === undefined) continue
    isAny = true
    hash.update(`${topic.id} ${name} ${topic.partitions.length}\n`)
    for (const racks of racksOf(image, topic)) hash.update(`${racks}\n`)
  }
  return isAny ? hash.digest().readUIntBE(0, 6) : 0
}

function racksOf(image: MetadataImage, topic: TopicImage): string[] {
  return topic.partitions.map(({ replicas }) => {
    const racks = replicas.map((id) => image.brokers.get(id)?.rack ?? null).filter((rack) => rack !== null)
    return [...new Set(racks)].sort().join(' ')
  })
}
