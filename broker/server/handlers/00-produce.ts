import { RecordValidationError } from '../../log/record-validation-error.ts'
import type { MetadataCache } from '../../metadata/cache.ts'
import { internalTopics } from '../../metadata/topic-name.ts'
import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import {
  type PartitionProduceData,
  type PartitionProduceResponseBody,
  type ProduceRequest,
  produce,
  type TopicProduceData,
} from '../../protocol/messages/00-produce.ts'
import { batchHeaderBytes, RecordBatch } from '../../record/record-batch.ts'
import type { Acks, Partition } from '../../replication/partition.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import { admitTransactionalBatch, hasSeveralProducers } from '../admit-transactional-batch.ts'
import { CloseConnection, type Handler, handler, type RequestContext } from '../handler.ts'
import { LeaderHints } from '../leader-hints.ts'

/*
 * Versions 3-13 (ApiVersions shows 0 as the lowest, see there). Topics by id from 13; the current leader is named from 10
 * (KIP-951). The coordinator is asked before the first batch of a transaction is appended; from 12 on that adds the partition
 * to the transaction (KIP-890). From 8 on a batch that is refused for
 * some of its records is answered with the list of them.
 */

const firstVersionWithIds = 13
const firstVersionWithZstd = 7
const firstVersionWithLeaderHints = 10
const zstd = 4

/** The only client that may write to the topics of the coordinators: Kafka's own admin client. */
const adminClientId = '__admin_client'

export function produceHandler(replicas: ReplicaManager, metadata: MetadataCache): Handler {
  return handler(produce, async (request, context) => {
    const hints = new LeaderHints(metadata.image, context.listenerName)
    const responses = await Promise.all(
      request.topicData.map(async (topic) => {
        const name = topicName(topic, context, metadata)
        const partitionResponses = await Promise.all(
          topic.partitionData.map((data) =>
            producePartition(replicas, request, context, name, data).catch((error: unknown) =>
              error instanceof RecordValidationError
                ? recordRefusal(
                    error,
                    data.index,
                    name === undefined ? undefined : replicas.partition(name, data.index),
                  )
                : refusal(error, name, data.index, context, hints),
            ),
          ),
        )
        return { name: topic.name, topicId: topic.topicId, partitionResponses }
      }),
    )
    if (request.acks !== 0) return { responses, nodeEndpoints: hints.nodeEndpoints() }
    // There is no response to put an error in: the client notices the closed connection and asks for metadata.
    const isRefused = responses.some((topic) => topic.partitionResponses.some((partition) => partition.errorCode !== 0))
    if (isRefused) throw new CloseConnection('A request with acks=0 was refused')
    return undefined
  })
}

function topicName(topic: TopicProduceData, context: RequestContext, metadata: MetadataCache): string | undefined {
  if (context.apiVersion < firstVersionWithIds) return topic.name
  return metadata.image.topicsById.get(topic.topicId)?.name
}

/** Everything up to the append runs at once, so that requests are appended in the order in which they came. */
async function producePartition(
  replicas: ReplicaManager,
  request: ProduceRequest,
  context: RequestContext,
  topic: string | undefined,
  data: PartitionProduceData,
): Promise<PartitionProduceResponseBody> {
  if (topic === undefined) throw new KafkaError(errorCodes.UNKNOWN_TOPIC_ID)
  const { transactionalId } = request
  if (transactionalId !== null) context.access.require('write', 'transactionalId', transactionalId)
  context.access.require('write', 'topic', topic)
  if (hasSeveralProducers(request)) throw new KafkaError(errorCodes.INVALID_PRODUCER_ID_MAPPING)
  const acks = requireAcks(request.acks)
  const records = requireRecords(request, context, topic, data)
  const partition = replicas.requirePartition(topic, data.index)
  const admission = admitTransactionalBatch(replicas, request, context.apiVersion, partition, records)
  const verification = admission instanceof Promise ? await admission : admission
  const appended = partition.append(records, acks, 'client', verification)
  await appended.written
  if (acks === -1) await partition.waitForReplication(appended, request.timeoutMs)
  return {
    index: data.index,
    errorCode: errorCodes.NONE,
    baseOffset: appended.baseOffset,
    logAppendTimeMs: appended.logAppendTimeMs,
    logStartOffset: partition.logStartOffset,
  }
}

function requireAcks(acks: number): Acks {
  if (acks === -1 || acks === 0 || acks === 1) return acks
  throw new KafkaError(errorCodes.INVALID_REQUIRED_ACKS)
}

function requireRecords(
  request: ProduceRequest,
  context: RequestContext,
  topic: string,
  { records }: PartitionProduceData,
): Buffer {
  if (records === null || records.length === 0) {
    throw new KafkaError(errorCodes.INVALID_RECORD, 'A request must have one batch for each partition')
  }
  if (records.length >= batchHeaderBytes) requireServedBatch(new RecordBatch(records), request, context.apiVersion)
  if (internalTopics.has(topic) && context.clientId !== adminClientId) {
    throw new KafkaError(errorCodes.INVALID_TOPIC_EXCEPTION, `Cannot append to internal topic ${topic}`)
  }
  return records
}

function requireServedBatch(batch: RecordBatch, { transactionalId }: ProduceRequest, apiVersion: number): void {
  if (batch.isTransactional && transactionalId === null) {
    throw new KafkaError(errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
  }
  if (batch.codec === zstd && apiVersion < firstVersionWithZstd) {
    throw new KafkaError(errorCodes.UNSUPPORTED_COMPRESSION_TYPE, 'zstd needs Produce 7 or later')
  }
}

function recordRefusal(
  { code, message, recordErrors }: RecordValidationError,
  index: number,
  partition: Partition | undefined,
): PartitionProduceResponseBody {
  const shown = recordErrors.map((error) => ({ batchIndex: error.batchIndex, batchIndexErrorMessage: error.message }))
  const logStartOffset = partition?.logStartOffset ?? -1
  return { index, errorCode: code, baseOffset: -1, logStartOffset, errorMessage: message, recordErrors: shown }
}

function refusal(
  error: unknown,
  topic: string | undefined,
  index: number,
  context: RequestContext,
  hints: LeaderHints,
): PartitionProduceResponseBody {
  if (!(error instanceof KafkaError)) throw error
  const isElsewhere = error.code === errorCodes.NOT_LEADER_OR_FOLLOWER && topic !== undefined
  return {
    index,
    errorCode: error.code,
    baseOffset: -1,
    errorMessage: error.message,
    currentLeader:
      isElsewhere && context.apiVersion >= firstVersionWithLeaderHints ? hints.currentLeader(topic, index) : undefined,
  }
}
