import { decode, encode } from '../../protocol/codec.ts'
import { ProtocolError } from '../../protocol/protocol-error.ts'
import { Reader } from '../../protocol/reader.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../protocol/structures/consumer-protocol.ts'
import { Writer } from '../../protocol/writer.ts'
import type { EpochAssignment, TopicPartitions } from './assignment.ts'
import type { TopicMetadata } from './topic-metadata.ts'

/* What consumers put into the bytes of the classic protocol: what they read, and what they are given. */

const versionMax = 3

export interface ClassicSubscription {
  readonly topics: readonly string[]
  readonly rackId: string | null
  /** By id; of topics that are gone nothing is left to own. */
  readonly ownedPartitions: readonly TopicPartitions[]
}

/** Undefined where the bytes are not in the consumer protocol's format. */
export function decodeSubscription(metadata: Buffer, { image }: TopicMetadata): ClassicSubscription | undefined {
  return orUndefined(() => {
    const reader = new Reader(metadata)
    const version = Math.min(reader.int16(), versionMax)
    const { topics, rackId, ownedPartitions } = decode(consumerProtocolSubscription, version, reader)
    return { topics, rackId, ownedPartitions: withIds(ownedPartitions, image) }
  })
}

/** Undefined where the bytes are not in the consumer protocol's format. */
export function decodeAssignment(assignment: Buffer, { image }: TopicMetadata): TopicPartitions[] | undefined {
  // A member that was given nothing may have been given no bytes at all.
  if (assignment.length === 0) return []
  return orUndefined(() => {
    const reader = new Reader(assignment)
    const version = Math.min(reader.int16(), versionMax)
    return withIds(decode(consumerProtocolAssignment, version, reader).assignedPartitions, image)
  })
}

/** In the version that the member's own subscription has. */
export function encodeAssignment(assigned: EpochAssignment, { image }: TopicMetadata, subscription?: Buffer): Buffer {
  const version = subscription === undefined ? 0 : Math.min(new Reader(subscription).int16(), versionMax)
  const assignedPartitions: { topic: string; partitions: number[] }[] = []
  for (const [topicId, partitions] of assigned) {
    const topic = image.topicsById.get(topicId)?.name
    if (topic !== undefined) assignedPartitions.push({ topic, partitions: [...partitions.keys()] })
  }
  const writer = new Writer()
  writer.int16(version)
  encode(consumerProtocolAssignment, version, { assignedPartitions, userData: null }, writer)
  return writer.toBuffer()
}

function withIds(
  topics: readonly { topic: string; partitions: readonly number[] }[],
  image: TopicMetadata['image'],
): TopicPartitions[] {
  const known: TopicPartitions[] = []
  for (const { topic, partitions } of topics) {
    const topicId = image.topics.get(topic)?.id
    if (topicId !== undefined) known.push({ topicId, partitions })
  }
  return known
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
