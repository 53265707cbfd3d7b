import type { MetadataCache } from '../../metadata/cache.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type FetchPartition,
  type FetchRequest,
  type FetchResponseBody,
  type FetchTopic,
  fetch,
  type PartitionDataBody,
} from '../../protocol/messages/01-fetch.ts'
import type { FetchReader, FetchResult, FetchTarget } from '../../replication/fetch-operation.ts'
import type { Partition } from '../../replication/partition.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import type { Access } from '../../security/access.ts'
import { type Handler, handler } from '../handler.ts'
import { LeaderHints } from '../leader-hints.ts'

/*
 * Versions 4-18 on the client port, for consumers and followers. Differences from Apache Kafka: every fetch is a full one,
 * answered with session id 0 (KIP-227 allows it); only the leader answers consumers, as there is no replica selector that
 * could send them elsewhere.
 */

const firstVersionWithIds = 13
const firstVersionWithReplicaState = 15
const firstVersionWithLeaderHints = 16
const readCommitted = 1

/** One partition as it was asked for, with what will be read or why it will not. */
interface Asked {
  readonly index: number
  readonly target: FetchTarget | ErrorCode
}

interface AskedTopic {
  readonly topic: FetchTopic
  readonly name: string | undefined
  readonly partitions: readonly Asked[]
}

export function fetchHandler(replicas: ReplicaManager, metadata: MetadataCache): Handler {
  return handler(fetch, async (request, context) => {
    const reader = readerOf(request, context.apiVersion)
    const isAllowed = permissionOf(reader, context.access)
    const topics = request.topics.map((topic) => resolveTopic(topic, context.apiVersion, replicas, metadata, isAllowed))
    const targets: FetchTarget[] = []
    for (const { partitions } of topics) {
      for (const { target } of partitions) if (typeof target === 'object') targets.push(target)
    }
    const hasError = topics.some(({ partitions }) => partitions.some(({ target }) => typeof target !== 'object'))
    const bytesMax = Math.min(request.maxBytes, replicas.settings.fetchMaxBytes)
    const results = await replicas.fetch({
      targets,
      reader,
      waitMsMax: hasError ? 0 : request.maxWaitMs,
      bytesMin: Math.min(request.minBytes, bytesMax),
      bytesMax,
    })
    return responseOf(topics, results, context.apiVersion, new LeaderHints(metadata.image, context.listenerName))
  })
}

function resolveTopic(
  topic: FetchTopic,
  version: number,
  replicas: ReplicaManager,
  metadata: MetadataCache,
  isAllowed: (topic: string) => boolean,
): AskedTopic {
  const { image } = metadata
  const known = version >= firstVersionWithIds ? image.topicsById.get(topic.topicId) : image.topics.get(topic.topic)
  const unknown = version >= firstVersionWithIds ? errorCodes.UNKNOWN_TOPIC_ID : errorCodes.UNKNOWN_TOPIC_OR_PARTITION
  const isRefused = !isAllowed(known?.name ?? topic.topic)
  const partitions = topic.partitions.map((asked): Asked => {
    const index = asked.partition
    if (isRefused && (known !== undefined || version < firstVersionWithIds)) {
      return { index, target: errorCodes.TOPIC_AUTHORIZATION_FAILED }
    }
    if (known === undefined) return { index, target: unknown }
    if (known.partitions[index] === undefined) return { index, target: errorCodes.UNKNOWN_TOPIC_OR_PARTITION }
    const partition = replicas.partition(known.name, index)
    if (partition === undefined) return { index, target: errorCodes.NOT_LEADER_OR_FOLLOWER }
    return { index, target: partition.log.isOffline ? errorCodes.KAFKA_STORAGE_ERROR : targetOf(partition, asked) }
  })
  return { topic, name: known?.name, partitions }
}

/** Brokers may read everything, others what they are allowed to, and there is no other way to be a follower. */
function permissionOf(reader: FetchReader, access: Access): (topic: string) => boolean {
  if (reader.kind === 'consumer') return (topic) => access.allows('read', 'topic', topic)
  const isBroker = access.allowsOnCluster('clusterAction')
  return () => isBroker
}

function targetOf(partition: Partition, asked: FetchPartition): FetchTarget {
  return {
    partition,
    fetchOffset: asked.fetchOffset,
    currentLeaderEpoch: asked.currentLeaderEpoch,
    lastFetchedEpoch: asked.lastFetchedEpoch,
    logStartOffset: asked.logStartOffset,
    bytesMax: asked.partitionMaxBytes,
  }
}

function readerOf(request: FetchRequest, version: number): FetchReader {
  const { replicaId, replicaEpoch } =
    version >= firstVersionWithReplicaState ? request.replicaState : { replicaId: request.replicaId, replicaEpoch: -1 }
  return replicaId < 0
    ? { kind: 'consumer', isReadCommitted: request.isolationLevel === readCommitted }
    : { kind: 'follower', replicaId, brokerEpoch: replicaEpoch }
}

function responseOf(
  topics: readonly AskedTopic[],
  results: readonly FetchResult[],
  version: number,
  hints: LeaderHints,
): FetchResponseBody {
  let next = 0
  const responses = topics.map(({ topic, name, partitions }) => ({
    topic: topic.topic,
    topicId: topic.topicId,
    partitions: partitions.map(({ index, target }) => {
      const result = typeof target === 'object' ? results[next++] : undefined
      const data =
        typeof target === 'object' && result?.errorCode === errorCodes.NONE
          ? dataOf(index, target, result)
          : errorOf(index, result?.errorCode ?? (typeof target === 'object' ? errorCodes.UNKNOWN_SERVER_ERROR : target))
      return version >= firstVersionWithLeaderHints && name !== undefined ? withHint(data, name, hints) : data
    }),
  }))
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    sessionId: 0,
    responses,
    nodeEndpoints: hints.nodeEndpoints(),
  }
}

function dataOf(index: number, { partition }: FetchTarget, result: FetchResult): PartitionDataBody {
  return {
    partitionIndex: index,
    errorCode: errorCodes.NONE,
    highWatermark: partition.highWatermark,
    lastStableOffset: partition.lastStableOffset,
    logStartOffset: partition.logStartOffset,
    divergingEpoch: result.divergingEpoch,
    abortedTransactions: result.abortedTransactions,
    records: result.records,
  }
}

function errorOf(index: number, errorCode: ErrorCode): PartitionDataBody {
  return { partitionIndex: index, errorCode, highWatermark: -1, abortedTransactions: null, records: noRecords }
}

const noRecords = Buffer.alloc(0)

function withHint(data: PartitionDataBody, topic: string, hints: LeaderHints): PartitionDataBody {
  const { errorCode, partitionIndex } = data
  if (errorCode !== errorCodes.NOT_LEADER_OR_FOLLOWER && errorCode !== errorCodes.FENCED_LEADER_EPOCH) return data
  return { ...data, currentLeader: hints.currentLeader(topic, partitionIndex) }
}
