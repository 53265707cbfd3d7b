import { type ReadLoan, ReadMemory } from '../../log/read-loan.ts'
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
import type { FetchSession } from '../fetch-session.ts'
import type { FetchSessions } from '../fetch-sessions.ts'
import { type Handler, handler } from '../handler.ts'
import { LeaderHints } from '../leader-hints.ts'

/*
 * Versions 4-18 on the client port, for consumers and followers, with incremental fetch sessions (KIP-227) and fetching
 * from followers (KIP-392). Where a selector of replicas is set, a follower is told of a new high watermark at once.
 */

const firstVersionWithSessions = 7
const firstVersionWithRacks = 11
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

export function fetchHandler(replicas: ReplicaManager, metadata: MetadataCache, sessions: FetchSessions): Handler {
  const memory = new ReadMemory()
  return handler(fetch, async (request, { apiVersion, listenerName, access, delivery }) => {
    const usesTopicIds = apiVersion >= firstVersionWithIds
    const resumed = apiVersion >= firstVersionWithSessions ? sessions.resume(request, usesTopicIds) : undefined
    if (typeof resumed === 'number') return { throttleTimeMs: 0, errorCode: resumed, responses: [] }
    const reader = readerOf(request, apiVersion)
    const sight: Sight = {
      replicas,
      metadata,
      isAllowed: permissionOf(reader, access),
      told: reader.kind === 'follower' && replicas.selectsReplicas ? resumed : undefined,
    }
    const asked = resumed?.topics ?? request.topics
    const topics = asked.map((topic) => resolveTopic(topic, apiVersion, sight))
    const hints = new LeaderHints(metadata.image, listenerName)
    const loan = memory.lend()
    delivery?.whenSent(() => loan.end())
    const response = await respond(topics, request, { reader, loan }, replicas, apiVersion, hints)
    if (resumed !== undefined) {
      const responses = resumed.select(response.responses, true)
      return { ...response, sessionId: resumed.size === 0 ? 0 : resumed.id, responses }
    }
    if (apiVersion < firstVersionWithSessions) return response
    const opened = sessions.open(request, { isPrivileged: reader.kind === 'follower', usesTopicIds })
    opened?.select(response.responses, false)
    return { ...response, sessionId: opened?.id ?? 0 }
  })
}

async function respond(
  topics: readonly AskedTopic[],
  request: FetchRequest,
  { reader, loan }: { reader: FetchReader; loan: ReadLoan },
  replicas: ReplicaManager,
  apiVersion: number,
  hints: LeaderHints,
): Promise<FetchResponseBody> {
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
    rackId: apiVersion >= firstVersionWithRacks ? request.rackId : '',
    loan,
  })
  return responseOf(topics, results, apiVersion, hints)
}

/** What decides which partitions a request can see. */
interface Sight {
  readonly replicas: ReplicaManager
  readonly metadata: MetadataCache
  readonly isAllowed: (topic: string) => boolean
  /** What the follower knows of high watermarks, where that matters to those who read from it. */
  readonly told: FetchSession | undefined
}

function resolveTopic(topic: FetchTopic, version: number, sight: Sight): AskedTopic {
  const { replicas, isAllowed, told } = sight
  const { image } = sight.metadata
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
    if (partition.log.isOffline) return { index, target: errorCodes.KAFKA_STORAGE_ERROR }
    return { index, target: targetOf(partition, asked, told?.highWatermark(topic, index)) }
  })
  return { topic, name: known?.name, partitions }
}

/** Brokers may read everything, others what they are allowed to, and there is no other way to be a follower. */
function permissionOf(reader: FetchReader, access: Access): (topic: string) => boolean {
  if (reader.kind === 'consumer') return (topic) => access.allows('read', 'topic', topic)
  const isBroker = access.allowsOnCluster('clusterAction')
  return () => isBroker
}

function targetOf(partition: Partition, asked: FetchPartition, toldHighWatermark: number | undefined): FetchTarget {
  return {
    partition,
    toldHighWatermark,
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
    ? {
        kind: 'consumer',
        isReadCommitted: request.isolationLevel === readCommitted,
        mayReadFollowers: version >= firstVersionWithRacks,
      }
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
    preferredReadReplica: result.preferredReadReplica,
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
