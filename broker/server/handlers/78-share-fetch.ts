import type { MetadataCache } from '../../metadata/cache.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type ShareFetchRequest,
  type ShareFetchResponseBody,
  shareFetch,
} from '../../protocol/messages/78-share-fetch.ts'
import type { ShareFetched } from '../../share/share-fetch.ts'
import type { AcknowledgeAnswer, SharePartitionLeader } from '../../share/share-partition-leader.ts'
import type { SharePartitions } from '../../share/share-partitions.ts'
import { finalEpoch, initialEpoch, type SessionPartition, type ShareSession } from '../../share/share-sessions.ts'
import { type Handler, handler, type RequestContext } from '../handler.ts'
import { LeaderHints } from '../leader-hints.ts'

/*
 * Versions 1-2. Acknowledgements that come along are carried out before anything is handed out. A partition is left out of
 * the answer when there is nothing to say of it.
 */

const recordLimit = 1
const noRecords = Buffer.alloc(0)

type PartitionData = NonNullable<ShareFetchResponseBody['responses']>[number]['partitions'][number]

interface Asked {
  readonly partition: SessionPartition
  readonly leader: SharePartitionLeader | ErrorCode
}

export function shareFetchHandler(shares: SharePartitions, metadata: MetadataCache): Handler {
  return handler(shareFetch, async (request, context) => {
    const refused = refuse(request, context, metadata)
    if (refused !== undefined) return failure(refused)
    const session = openSession(shares, request, context)
    if (typeof session === 'number') return failure(session)
    const answers = new Answers(metadata, context.listenerName)
    await acknowledge(shares, metadata, session, request, context, answers)
    if (request.shareSessionEpoch === finalEpoch) await shares.release(session)
    // What only acknowledges or renews is not kept waiting for records.
    else if (!request.isRenewAck) await fetch(shares, metadata, session, request, context, answers)
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes.NONE,
      acquisitionLockTimeoutMs: shares.groups.of(session.groupId).shareRecordLockDurationMs,
      ...answers.all(),
    }
  })
}

function refuse(
  request: ShareFetchRequest,
  { access }: RequestContext,
  metadata: MetadataCache,
): ErrorCode | undefined {
  const { groupId, memberId } = request
  if (!metadata.image.features.get('share.version')) return errorCodes.UNSUPPORTED_VERSION
  if (groupId === null || groupId === '' || memberId === null || memberId === '') return errorCodes.INVALID_REQUEST
  if (!access.allows('read', 'group', groupId)) return errorCodes.GROUP_AUTHORIZATION_FAILED
  const hasAcknowledgements = request.topics.some(({ partitions }) => {
    return partitions.some(({ acknowledgementBatches }) => acknowledgementBatches.length > 0)
  })
  if (request.shareSessionEpoch === initialEpoch && hasAcknowledgements) return errorCodes.INVALID_REQUEST
  return undefined
}

function openSession(
  shares: SharePartitions,
  request: ShareFetchRequest,
  { connectionId }: RequestContext,
): ShareSession | ErrorCode {
  const { groupId, memberId, shareSessionEpoch: epoch, topics, forgottenTopicsData } = request
  return shares.sessions.fetch(
    { groupId: groupId ?? '', memberId: memberId ?? '', connectionId, epoch },
    {
      added: topics.flatMap(({ topicId, partitions }) => {
        return partitions.map(({ partitionIndex: partition }) => ({ topicId, partition }))
      }),
      forgotten: forgottenTopicsData.flatMap(({ topicId, partitions }) => {
        return partitions.map((partition) => ({ topicId, partition }))
      }),
      sessionsMax: shares.settings.groupShareMaxShareSessions,
    },
  )
}

async function acknowledge(
  shares: SharePartitions,
  metadata: MetadataCache,
  session: ShareSession,
  { topics, isRenewAck }: ShareFetchRequest,
  { access }: RequestContext,
  answers: Answers,
): Promise<void> {
  const acknowledging = topics.flatMap(({ topicId, partitions }) => {
    const topic = metadata.image.topicsById.get(topicId)?.name
    const isAllowed = topic === undefined || access.allows('read', 'topic', topic)
    return partitions.map(async ({ partitionIndex, acknowledgementBatches: batches }) => {
      if (batches.length === 0) return
      const partition = { topicId, partition: partitionIndex }
      const answer: AcknowledgeAnswer = isAllowed
        ? await shares.acknowledge(session, partition, batches, { canRenew: isRenewAck })
        : { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, message: null }
      answers.acknowledged(partition, answer)
    })
  })
  await Promise.all(acknowledging)
}

async function fetch(
  shares: SharePartitions,
  metadata: MetadataCache,
  session: ShareSession,
  request: ShareFetchRequest,
  { access }: RequestContext,
  answers: Answers,
): Promise<void> {
  const asked = inTurn([...session.partitions.values()], session.epoch).map((partition): Asked => {
    const topic = metadata.image.topicsById.get(partition.topicId)?.name
    const isAllowed = topic === undefined || access.allows('read', 'topic', topic)
    const leader = isAllowed ? shares.find(session.groupId, partition) : errorCodes.TOPIC_AUTHORIZATION_FAILED
    return { partition, leader }
  })
  const leaders: SharePartitionLeader[] = []
  for (const { partition, leader } of asked) {
    if (typeof leader === 'number') answers.failed(partition, leader)
    else leaders.push(leader)
  }
  const fetched = await shares.fetch({
    leaders,
    memberId: session.memberId,
    recordsMax: request.maxRecords,
    batchSize: request.batchSize,
    isRecordLimit: request.shareAcquireMode === recordLimit,
    // Somebody who is to hear of an error, or of what became of acknowledgements, is not kept waiting.
    waitMsMax: answers.isEmpty ? request.maxWaitMs : 0,
    bytesMin: request.minBytes,
    bytesMax: Math.min(request.maxBytes, shares.settings.fetchMaxBytes),
  })
  answers.fetched(fetched)
}

/** Another partition first each time, so that a busy one does not starve the others. */
function inTurn<T>(items: readonly T[], turn: number): T[] {
  const first = items.length === 0 ? 0 : turn % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}

function failure(errorCode: ErrorCode): ShareFetchResponseBody {
  return { throttleTimeMs: 0, errorCode, acquisitionLockTimeoutMs: 0, responses: [], nodeEndpoints: [] }
}

/** What is said of each partition. */
class Answers {
  readonly #metadata: MetadataCache
  readonly #hints: LeaderHints
  readonly #topics = new Map<string, Map<number, PartitionData>>()

  constructor(metadata: MetadataCache, listenerName: string) {
    this.#metadata = metadata
    this.#hints = new LeaderHints(metadata.image, listenerName)
  }

  get isEmpty(): boolean {
    return this.#topics.size === 0
  }

  acknowledged(partition: SessionPartition, { errorCode, message }: AcknowledgeAnswer): void {
    this.#put(partition, { acknowledgeErrorCode: errorCode, acknowledgeErrorMessage: message }, errorCode)
  }

  failed(partition: SessionPartition, errorCode: ErrorCode): void {
    this.#put(partition, { errorCode }, errorCode)
  }

  fetched(fetched: ShareFetched): void {
    for (const [{ key }, result] of fetched) {
      if (typeof result === 'number') this.failed(key, result)
      else this.#put(key, { records: result.records, acquiredRecords: result.acquired }, errorCodes.NONE)
    }
  }

  all(): Pick<ShareFetchResponseBody, 'responses' | 'nodeEndpoints'> {
    return {
      responses: [...this.#topics].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions.values()] })),
      nodeEndpoints: this.#hints.nodeEndpoints(),
    }
  }

  #put({ topicId, partition }: SessionPartition, data: Partial<PartitionData>, errorCode: ErrorCode): void {
    const partitions = this.#topics.get(topicId) ?? new Map<number, PartitionData>()
    this.#topics.set(topicId, partitions)
    const known = partitions.get(partition) ?? emptyPartition(partition)
    const topic = this.#metadata.image.topicsById.get(topicId)?.name
    const isElsewhere = errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && topic !== undefined
    const currentLeader = (isElsewhere && this.#hints.currentLeader(topic, partition)) || known.currentLeader
    partitions.set(partition, { ...known, ...data, currentLeader })
  }
}

function emptyPartition(partitionIndex: number): PartitionData {
  return {
    partitionIndex,
    errorCode: errorCodes.NONE,
    acknowledgeErrorCode: errorCodes.NONE,
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
    records: noRecords,
    acquiredRecords: [],
  }
}
