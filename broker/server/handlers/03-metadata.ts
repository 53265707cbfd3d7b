import { endPointOf } from '../../metadata/broker-image.ts'
import type { MetadataCache } from '../../metadata/cache.ts'
import type { MetadataImage } from '../../metadata/image.ts'
import type { PartitionImage } from '../../metadata/partition-image.ts'
import type { TopicImage } from '../../metadata/topic-image.ts'
import { findTopicNameFault, internalTopics } from '../../metadata/topic-name.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { type MetadataRequest, type MetadataResponseTopicBody, metadata } from '../../protocol/messages/03-metadata.ts'
import { type ResponseBodyOf, zeroUuid } from '../../protocol/schema.ts'
import type { Access } from '../../security/access.ts'
import { operationsNotAsked } from '../authorized-operations.ts'
import { type Handler, handler, type RequestContext } from '../handler.ts'

/*
 * Versions 0-13. A topic that is created because it was asked for is answered as unknown, as by Apache Kafka: clients ask
 * again, and some rely on being told. The controller id is the quorum's leader while it is alive; Kafka names any broker.
 */

export interface TopicCreator {
  /** Creates topics with the broker's defaults and resolves once this broker knows them, or with their error codes. */
  autoCreateTopics(names: readonly string[]): Promise<ReadonlyMap<string, number>>
}

export function metadataHandler(
  cache: MetadataCache,
  creator: TopicCreator,
  isAutoCreateEnabled: () => boolean,
): Handler {
  return handler(metadata, async (request, context) => {
    if (context.apiVersion < 12 && asksById(request)) return refuseAll(request)
    const { image } = cache
    const { access } = context
    const missing = request.allowAutoTopicCreation && isAutoCreateEnabled() ? missingTopics(request, image, access) : []
    const refusals = missing.length > 0 ? await createMissing(missing, creator, access) : undefined
    const unfenced = [...image.brokers.values()].filter((broker) => !broker.isFenced)
    return {
      brokers: unfenced.flatMap((broker) => {
        const endPoint = endPointOf(broker, context.listenerName)
        return endPoint === undefined
          ? []
          : [{ nodeId: broker.id, host: endPoint.host, port: endPoint.port, rack: broker.rack }]
      }),
      clusterId: image.clusterId,
      controllerId: cache.reachableControllerId,
      topics: topicsOf(request, context, image, refusals),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
        ? access.authorizedClusterOperations()
        : operationsNotAsked,
    }
  })
}

/** The fields are in versions 10 and 11 already, but mean nothing there. */
function asksById({ topics }: MetadataRequest): boolean {
  return (topics ?? []).some(({ name, topicId }) => name === null || topicId !== zeroUuid)
}

function refuseAll({ topics }: MetadataRequest): ResponseBodyOf<typeof metadata> {
  return {
    brokers: [],
    controllerId: -1,
    topics: (topics ?? []).map(({ name, topicId }) => {
      return { errorCode: errorCodes.INVALID_REQUEST, name: name ?? '', topicId, isInternal: false, partitions: [] }
    }),
  }
}

function missingTopics(request: MetadataRequest, image: MetadataImage, access: Access): string[] {
  const names = (request.topics ?? []).flatMap(({ name }) => (name === null ? [] : [name]))
  return [...new Set(names)].filter((name) => {
    return !image.topics.has(name) && findTopicNameFault(name) === undefined && access.allows('describe', 'topic', name)
  })
}

async function createMissing(
  names: readonly string[],
  creator: TopicCreator,
  access: Access,
): Promise<ReadonlyMap<string, number>> {
  const mayCreateAny = access.allowsOnCluster('create')
  const allowed = names.filter((name) => mayCreateAny || access.allows('create', 'topic', name))
  const refusals = new Map(allowed.map((name) => [name, errorCodes.UNKNOWN_TOPIC_OR_PARTITION as number]))
  const faults = allowed.length > 0 ? await creator.autoCreateTopics(allowed) : []
  for (const [name, errorCode] of faults) refusals.set(name, errorCode)
  for (const name of names) if (!allowed.includes(name)) refusals.set(name, errorCodes.TOPIC_AUTHORIZATION_FAILED)
  return refusals
}

function topicsOf(
  request: MetadataRequest,
  { apiVersion: version, access }: RequestContext,
  image: MetadataImage,
  refusals: ReadonlyMap<string, number> | undefined,
): MetadataResponseTopicBody[] {
  const operationsOn = (topic: string) =>
    request.includeTopicAuthorizedOperations ? access.authorizedOperations('topic', topic) : operationsNotAsked
  const isAllowed = (topic: string) => access.allows('describe', 'topic', topic)
  const isAll = request.topics === null || (version === 0 && request.topics.length === 0)
  if (isAll) {
    const allowed = [...image.topics.values()].filter(({ name }) => isAllowed(name))
    return allowed.map((topic) => describe(topic, image, version, operationsOn(topic.name)))
  }
  return (request.topics ?? []).map(({ topicId, name }) => {
    if (name === null) {
      const topic = image.topicsById.get(topicId)
      if (topic === undefined) return refusal(errorCodes.UNKNOWN_TOPIC_ID, null, topicId)
      if (!isAllowed(topic.name)) return refusal(errorCodes.TOPIC_AUTHORIZATION_FAILED, null, topicId)
      return describe(topic, image, version, operationsOn(topic.name))
    }
    // Whether there is such a topic is not told to whoever may not know.
    if (!isAllowed(name)) return refusal(errorCodes.TOPIC_AUTHORIZATION_FAILED, name, zeroUuid)
    const topic = image.topics.get(name)
    const isNew = refusals?.has(name) ?? false
    if (topic !== undefined && !isNew) return describe(topic, image, version, operationsOn(name))
    if (findTopicNameFault(name) !== undefined) return refusal(errorCodes.INVALID_TOPIC_EXCEPTION, name, zeroUuid)
    return refusal(refusals?.get(name) ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION, name, zeroUuid)
  })
}

function refusal(errorCode: number, name: string | null, topicId: string): MetadataResponseTopicBody {
  return { errorCode, name, topicId, isInternal: name !== null && internalTopics.has(name), partitions: [] }
}

function describe(
  topic: TopicImage,
  image: MetadataImage,
  version: number,
  topicAuthorizedOperations: number,
): MetadataResponseTopicBody {
  return {
    errorCode: errorCodes.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: internalTopics.has(topic.name),
    partitions: topic.partitions.map((partition, partitionIndex) => ({
      partitionIndex,
      ...describePartition(partition, image, version),
    })),
    topicAuthorizedOperations,
  }
}

function describePartition(partition: PartitionImage, image: MetadataImage, version: number) {
  const isUnfenced = (broker: number) => image.isUnfenced(broker)
  const hasLeader = isUnfenced(partition.leader)
  const offlineReplicas = partition.replicas.filter((broker) => !isUnfenced(broker))
  // Clients of version 0 take a replica without an address for a broken answer.
  const shown =
    version === 0 ? (brokers: readonly number[]) => brokers.filter(isUnfenced) : (brokers: readonly number[]) => brokers
  const isIncomplete = version === 0 && offlineReplicas.length > 0
  return {
    errorCode: hasLeader
      ? isIncomplete
        ? errorCodes.REPLICA_NOT_AVAILABLE
        : errorCodes.NONE
      : errorCodes.LEADER_NOT_AVAILABLE,
    leaderId: hasLeader ? partition.leader : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: shown(partition.replicas),
    isrNodes: shown(partition.isr),
    offlineReplicas,
  }
}
