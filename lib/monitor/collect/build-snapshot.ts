import { maxKnown, sumKnown } from '../../domain/rate.ts'
import type { ClusterSnapshot, GroupPartitionState, GroupState, PartitionState, TopicState } from '../snapshot.ts'
import type { ClusterState, GroupTrack, PartitionTrack, PositionTrack, TopicTrack } from './cluster-state.ts'
import { progressOf } from './update-lags.ts'

export interface RoundFacts {
  readonly clusterId: string
  readonly tickAtMs: number
  readonly tickMs: number
  readonly startedAtMs: number
  readonly completedAtMs: number
  readonly cost: ClusterSnapshot['cost']
}

/** A lag that could not be read again is shown for this long, then it is unknown. */
const staleLagTicksMax = 3

export function buildSnapshot(state: ClusterState, round: RoundFacts): ClusterSnapshot {
  const { clusterId, tickAtMs, startedAtMs, completedAtMs, cost } = round
  return {
    clusterId,
    kafkaClusterId: state.kafkaClusterId,
    tickAtMs,
    startedAtMs,
    completedAtMs,
    brokers: new Map(
      [...state.brokers.values()].sort((a, b) => a.id - b.id).map((broker) => [broker.id, { ...broker }]),
    ),
    controller: state.controller,
    topics: new Map([...state.topics.values()].map((topic) => [topic.name, buildTopic(topic)])),
    groups: new Map([...state.groups.values()].map((group) => [group.id, buildGroup(group, round)])),
    parts: state.parts.snapshot(),
    cost,
  }
}

function buildTopic(track: TopicTrack): TopicState {
  return {
    name: track.name,
    id: track.id,
    isInternal: track.isInternal,
    partitions: track.partitions.map(buildPartition),
    minInSyncReplicas: track.minInSyncReplicas,
    cleanupPolicy: track.cleanupPolicy,
    retentionMs: track.retentionMs,
  }
}

function buildPartition(track: PartitionTrack): PartitionState {
  return {
    partition: track.partition,
    leader: track.leader,
    leaderEpoch: track.leaderEpoch,
    replicas: track.replicas,
    inSync: track.inSync,
    offlineReplicas: track.offlineReplicas,
    addingReplicas: track.addingReplicas,
    logStartOffset: track.logStartOffset,
    endOffset: track.endOffset?.value ?? null,
    endOffsetAtMs: track.endOffset?.atMs ?? null,
    recordsInPerSecond: track.recordsInPerSecond,
    bytesInPerSecond: track.bytesInPerSecond,
    sizeBytes: track.sizeBytes,
    offsetLag: track.offsetLag,
    underReplicatedSinceMs: track.underReplicatedSinceMs,
  }
}

function buildGroup(group: GroupTrack, round: RoundFacts): GroupState {
  const partitions: GroupPartitionState[] = []
  for (const [topic, positions] of group.positions) {
    for (const [partition, position] of positions) {
      partitions.push(buildPosition(group, topic, partition, position, round))
    }
  }
  const lagMs = maxKnown(partitions.map((position) => position.lagMs))
  const lag = sumKnown(partitions.map(({ lagRecords }) => (lagRecords === null ? null : Number(lagRecords))))
  return {
    id: group.id,
    type: group.type,
    state: group.state,
    protocol: group.protocol,
    coordinator: group.coordinator,
    members: group.members,
    partitions,
    problem: group.problem,
    lagRecords: lag,
    lagMs,
    lagMsIsLowerBound: partitions.some((position) => position.lagMs === lagMs && position.lagMsIsLowerBound),
    consumedPerSecond: sumKnown(partitions.map(({ consumedPerSecond }) => consumedPerSecond)),
    progress: group.progress,
    progressSinceMs: group.progressSinceMs,
  }
}

function buildPosition(
  group: GroupTrack,
  topic: string,
  partition: number,
  track: PositionTrack,
  round: RoundFacts,
): GroupPartitionState {
  const isLagKnown = track.lag !== null && round.startedAtMs - track.lag.atMs <= staleLagTicksMax * round.tickMs
  return {
    topic,
    partition,
    committedOffset: track.committed?.value ?? null,
    lagRecords: isLagKnown ? (track.lag?.value ?? null) : null,
    lagMs: isLagKnown ? track.lagMs : null,
    lagMsIsLowerBound: track.lagMsIsLowerBound,
    consumedPerSecond: track.window.trend().consumedPerSecond,
    lastMovedAtMs: track.lastMovedAtMs,
    progress: isLagKnown || track.committed === null ? progressOf(group, track, round.startedAtMs) : 'unknown',
  }
}
