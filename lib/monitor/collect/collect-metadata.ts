import { isUnderReplicated } from '../../domain/partition-health.ts'
import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import {
  type DescribeMetadataResponse,
  describeMetadata,
  type MetadataTopic,
} from '../../kafka/operations/describe-metadata.ts'
import { listReassignments } from '../../kafka/operations/list-reassignments.ts'
import { type ClusterState, PartitionTrack, type TopicTrack } from './cluster-state.ts'
import { failureOf } from './failure.ts'

const unknownTopicOrPartition = 3
const reassignmentsTimeoutMs = 1_000
const forgetBrokerAfterMs = 24 * 3_600_000

/** Brokers, topics and partitions as the cluster has them now. */
export async function collectMetadata(
  connection: ClusterConnection,
  state: ClusterState,
  nowMs: () => number,
): Promise<void> {
  try {
    const metadata = await connection.sendToAny(describeMetadata, { topics: null })
    const atMs = nowMs()
    connection.updateBrokers(metadata.brokers)
    state.kafkaClusterId = metadata.clusterId
    updateTopics(state, metadata.topics)
    updateBrokers(state, metadata, atMs)
    await updateReassignments(connection, state)
    markUnderReplicated(state, atMs)
    state.parts.succeed('metadata', atMs)
  } catch (error) {
    // When no broker answers it may be our own network: what was known stays, with its age.
    state.parts.fail('metadata', nowMs(), failureOf(error))
  }
}

function updateTopics(state: ClusterState, topics: readonly MetadataTopic[]): void {
  const listed = new Set<string>()
  for (const topic of topics) {
    if (topic.errorCode === unknownTopicOrPartition) continue
    listed.add(topic.name)
    const known = state.topics.get(topic.name)
    // A new id is a new topic: nothing that we knew of its namesake holds.
    const track = known !== undefined && known.id === topic.id ? known : createTopicTrack(topic)
    state.topics.set(topic.name, track)
    updatePartitions(track, topic)
  }
  for (const name of state.topics.keys()) if (!listed.has(name)) state.topics.delete(name)
}

function createTopicTrack({ name, id, isInternal }: MetadataTopic): TopicTrack {
  return {
    name,
    id,
    isInternal,
    partitions: [],
    minInSyncReplicas: null,
    cleanupPolicy: null,
    retentionMs: null,
    hasConfigs: false,
  }
}

function updatePartitions(track: TopicTrack, topic: MetadataTopic): void {
  track.partitions.length = Math.min(track.partitions.length, topic.partitions.length)
  for (const [index, read] of topic.partitions.entries()) {
    const known = track.partitions[index]
    const partition = known?.partition === read.partition ? known : new PartitionTrack(read.partition)
    track.partitions[index] = partition
    partition.leader = read.leader < 0 ? null : read.leader
    partition.leaderEpoch = read.leaderEpoch < 0 ? null : read.leaderEpoch
    partition.replicas = read.replicas
    partition.inSync = read.inSync
    partition.offlineReplicas = read.offlineReplicas
    partition.addingReplicas = []
  }
}

/** A broker that is down vanishes from metadata, but not from the replicas of its partitions nor from our memory. */
function updateBrokers(state: ClusterState, metadata: DescribeMetadataResponse, atMs: number): void {
  const online = new Set(metadata.brokers.map(({ id }) => id))
  for (const { id, host, port, rack } of metadata.brokers) {
    const known = state.brokers.get(id)
    if (known === undefined) {
      state.brokers.set(id, { id, host, port, rack, isOnline: true, stateSinceMs: null, logDirs: null })
      continue
    }
    Object.assign(known, { host, port, rack })
    setOnline(known, true, atMs)
  }
  const withReplicas = new Set<number>()
  for (const topic of state.topics.values()) {
    for (const { replicas } of topic.partitions) for (const id of replicas) withReplicas.add(id)
  }
  for (const id of withReplicas) {
    if (state.brokers.has(id)) continue
    state.brokers.set(id, { id, host: '', port: 0, rack: null, isOnline: false, stateSinceMs: null, logDirs: null })
  }
  for (const broker of state.brokers.values()) {
    if (online.has(broker.id)) continue
    setOnline(broker, false, atMs)
    const isLongGone = broker.stateSinceMs !== null && atMs - broker.stateSinceMs > forgetBrokerAfterMs
    if (isLongGone && !withReplicas.has(broker.id)) state.brokers.delete(broker.id)
  }
}

function setOnline(broker: { isOnline: boolean; stateSinceMs: number | null }, isOnline: boolean, atMs: number): void {
  if (broker.isOnline === isOnline) return
  broker.isOnline = isOnline
  broker.stateSinceMs = atMs
}

/** Asked only when a replica is missing: it may be one that is still being filled. */
async function updateReassignments(connection: ClusterConnection, state: ClusterState): Promise<void> {
  const isAnyMissing = [...state.topics.values()].some(({ partitions }) => partitions.some(isUnderReplicated))
  if (!isAnyMissing) return
  try {
    const { topics } = await connection.sendToAny(listReassignments, { timeoutMs: reassignmentsTimeoutMs })
    for (const { name, partitions } of topics) {
      for (const { partition, addingReplicas } of partitions) {
        const track = state.topics.get(name)?.partitions[partition]
        if (track !== undefined) track.addingReplicas = addingReplicas
      }
    }
  } catch (error) {
    // Not known is not "none", but a missing replica is reported rather than hidden.
    failureOf(error)
  }
}

function markUnderReplicated(state: ClusterState, atMs: number): void {
  for (const { partitions } of state.topics.values()) {
    for (const partition of partitions) {
      if (!isUnderReplicated(partition)) partition.underReplicatedSinceMs = null
      else partition.underReplicatedSinceMs ??= atMs
    }
  }
}
