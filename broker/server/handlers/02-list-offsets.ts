import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import {
  type ListOffsetsPartition,
  type ListOffsetsPartitionResponseBody,
  type ListOffsetsRequest,
  listOffsets,
} from '../../protocol/messages/02-list-offsets.ts'
import type { Partition } from '../../replication/partition.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import { type Handler, handler } from '../handler.ts'

/*
 * Versions 1-11. There is no tiered storage: the earliest local offset is the earliest one, nothing is tiered and nothing
 * waits for its upload.
 */

const timestamps = {
  latest: -1,
  earliest: -2,
  max: -3,
  earliestLocal: -4,
  latestTiered: -5,
  earliestPendingUpload: -6,
} as const

/** The version in which each of the special timestamps came. */
const firstVersions: ReadonlyMap<number, number> = new Map([
  [timestamps.latest, 1],
  [timestamps.earliest, 1],
  [timestamps.max, 7],
  [timestamps.earliestLocal, 8],
  [timestamps.latestTiered, 9],
  [timestamps.earliestPendingUpload, 11],
])

const firstVersionWithOffsetNotAvailable = 5

const readCommitted = 1
const consumerId = -1
const debuggingConsumerId = -2

interface FoundOffset {
  readonly offset: number
  readonly timestamp: number
  readonly leaderEpoch: number
}

const nothing: FoundOffset = { offset: -1, timestamp: -1, leaderEpoch: -1 }

export function listOffsetsHandler(replicas: ReplicaManager): Handler {
  return handler(listOffsets, async (request, { apiVersion, access }) => {
    const duplicates = findDuplicates(request)
    const topics = await Promise.all(
      request.topics.map(async ({ name, partitions }) => ({
        name,
        partitions: await Promise.all(
          partitions.map(async (asked) => {
            if (duplicates.has(`${name}-${asked.partitionIndex}`)) return refusal(asked, errorCodes.INVALID_REQUEST)
            if (!access.allows('describe', 'topic', name)) return refusal(asked, errorCodes.TOPIC_AUTHORIZATION_FAILED)
            return answerPartition(replicas, request, apiVersion, name, asked)
          }),
        ),
      })),
    )
    return { topics }
  })
}

function findDuplicates(request: ListOffsetsRequest): ReadonlySet<string> {
  const seen = new Set<string>()
  const duplicates = new Set<string>()
  for (const { name, partitions } of request.topics) {
    for (const { partitionIndex } of partitions) {
      const key = `${name}-${partitionIndex}`
      if (seen.has(key)) duplicates.add(key)
      seen.add(key)
    }
  }
  return duplicates
}

async function answerPartition(
  replicas: ReplicaManager,
  request: ListOffsetsRequest,
  version: number,
  topic: string,
  asked: ListOffsetsPartition,
): Promise<ListOffsetsPartitionResponseBody> {
  const { timestamp, partitionIndex } = asked
  if (timestamp < 0 && (firstVersions.get(timestamp) ?? Number.POSITIVE_INFINITY) > version) {
    return refusal(asked, errorCodes.UNSUPPORTED_VERSION)
  }
  try {
    const partition = replicas.requirePartition(topic, partitionIndex)
    requireServable(partition, request, asked)
    const found = await findOffset(partition, request, timestamp)
    return { partitionIndex, errorCode: errorCodes.NONE, ...found }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    const isTooNew = error.code === errorCodes.OFFSET_NOT_AVAILABLE && version < firstVersionWithOffsetNotAvailable
    return refusal(asked, isTooNew ? errorCodes.LEADER_NOT_AVAILABLE : error.code)
  }
}

/** Only the leader answers, but for a consumer that says it debugs. */
function requireServable(partition: Partition, { replicaId }: ListOffsetsRequest, asked: ListOffsetsPartition): void {
  const errorCode = partition.checkLeader(asked.currentLeaderEpoch)
  if (errorCode === errorCodes.NONE) return
  if (errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && replicaId === debuggingConsumerId) return
  throw new KafkaError(errorCode)
}

async function findOffset(partition: Partition, request: ListOffsetsRequest, timestamp: number): Promise<FoundOffset> {
  const { log } = partition
  // Followers and debuggers see the whole log.
  const isConsumer = request.replicaId === consumerId
  const end = isConsumer ? endForConsumers(partition, request) : partition.logEndOffset
  switch (timestamp) {
    case timestamps.latest:
      requireKnownEnd(partition, isConsumer)
      return { offset: end, timestamp: -1, leaderEpoch: partition.leaderEpoch }
    case timestamps.earliest:
    case timestamps.earliestLocal: {
      const offset = partition.logStartOffset
      return { offset, timestamp: -1, leaderEpoch: log.leaderEpochs.epochAt(offset) ?? -1 }
    }
    case timestamps.latestTiered:
    case timestamps.earliestPendingUpload:
      return nothing
    default: {
      const found =
        timestamp === timestamps.max ? await log.offsetOfMaxTimestamp() : await log.offsetForTimestamp(timestamp, end)
      if (found !== undefined && found.offset < end) {
        return { offset: found.offset, timestamp: found.timestampMs, leaderEpoch: found.leaderEpoch }
      }
      requireKnownEnd(partition, isConsumer)
      return nothing
    }
  }
}

function endForConsumers(partition: Partition, { isolationLevel }: ListOffsetsRequest): number {
  return isolationLevel === readCommitted ? partition.lastStableOffset : partition.highWatermark
}

/** A new leader whose high watermark has not reached its own term would answer with an offset that goes back in time. */
function requireKnownEnd(partition: Partition, isConsumer: boolean): void {
  if (isConsumer && partition.isHighWatermarkBehindEpoch) throw new KafkaError(errorCodes.OFFSET_NOT_AVAILABLE)
}

function refusal({ partitionIndex }: ListOffsetsPartition, errorCode: ErrorCode): ListOffsetsPartitionResponseBody {
  return { partitionIndex, errorCode, ...nothing }
}
