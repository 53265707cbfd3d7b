import { computeRate } from '../../domain/rate.ts'
import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import {
  earliestTimestamp,
  type ListedOffset,
  latestTimestamp,
  listOffsets,
} from '../../kafka/operations/list-offsets.ts'
import type { ClusterState, PartitionTrack } from './cluster-state.ts'
import { failureOf, PartOutcome } from './failure.ts'

const partitionsPerRequest = 5_000
const leaderNotAvailable = 5

interface TopicRequest {
  readonly name: string
  readonly partitions: number[]
}

/** End offset of each partition that has a leader, one request a leader. Rates are over the time since the last grid round. */
export async function collectEndOffsets(
  connection: ClusterConnection,
  state: ClusterState,
  options: { nowMs: () => number; rateOverMsMin: number },
): Promise<void> {
  const outcome = new PartOutcome()
  countLeaderless(state, outcome)
  await eachOffset(connection, state, { timestamp: latestTimestamp, wanted: () => true, outcome }, (track, offset) =>
    applyEndOffset(track, offset, options.nowMs(), options.rateOverMsMin),
  )
  outcome.report(state.parts, 'endOffsets', options.nowMs())
}

/** Start offsets of all partitions, or only of those whose start is not known yet. */
export async function collectStartOffsets(
  connection: ClusterConnection,
  state: ClusterState,
  options: { nowMs: () => number; isOnlyUnknown: boolean },
): Promise<void> {
  const outcome = new PartOutcome()
  const wanted = ({ logStartOffset }: PartitionTrack) => !options.isOnlyUnknown || logStartOffset === null
  await eachOffset(connection, state, { timestamp: earliestTimestamp, wanted, outcome }, (track, offset) => {
    track.logStartOffset = offset
  })
  if (!options.isOnlyUnknown || outcome.hasFailed) outcome.report(state.parts, 'startOffsets', options.nowMs())
}

function applyEndOffset(track: PartitionTrack, offset: bigint, atMs: number, rateOverMsMin: number): void {
  const reading = { value: offset, atMs }
  track.endOffset = reading
  track.history.record(Number(offset), atMs)
  const elapsedMs = track.rateBase === null ? null : atMs - track.rateBase.atMs
  // A round out of turn comes too soon after the last one for a rate to mean anything.
  if (elapsedMs !== null && elapsedMs < rateOverMsMin) return
  track.recordsInPerSecond = computeRate(track.rateBase, reading)
  track.rateBase = reading
}

function countLeaderless(state: ClusterState, outcome: PartOutcome): void {
  for (const { partitions } of state.topics.values()) {
    for (const partition of partitions) {
      if (partition.leader !== null) continue
      partition.recordsInPerSecond = null
      outcome.failItem(leaderNotAvailable)
    }
  }
}

async function eachOffset(
  connection: ClusterConnection,
  state: ClusterState,
  what: { timestamp: bigint; wanted: (track: PartitionTrack) => boolean; outcome: PartOutcome },
  apply: (track: PartitionTrack, offset: bigint) => void,
): Promise<void> {
  const { timestamp, outcome } = what
  const applyAll = (name: string, partitions: readonly ListedOffset[]) => {
    const tracks = state.topics.get(name)?.partitions
    for (const { partition, errorCode, offset } of partitions) {
      const track = tracks?.[partition]
      if (errorCode !== 0) outcome.failItem(errorCode)
      else if (track !== undefined) apply(track, offset)
    }
  }
  const requests = requestsByLeader(state, what.wanted)
  await Promise.all(
    requests.map(async ({ leader, topics }) => {
      try {
        const response = await connection.sendTo(leader, listOffsets, { topics, timestamp })
        outcome.succeed()
        for (const { name, partitions } of response.topics) applyAll(name, partitions)
      } catch (error) {
        outcome.fail(failureOf(error))
        for (const { name, partitions } of topics) forgetRates(state, name, partitions)
      }
    }),
  )
}

function forgetRates(state: ClusterState, name: string, partitions: readonly number[]): void {
  for (const partition of partitions) {
    const track = state.topics.get(name)?.partitions[partition]
    if (track !== undefined) track.recordsInPerSecond = null
  }
}

function requestsByLeader(
  state: ClusterState,
  wanted: (track: PartitionTrack) => boolean,
): { leader: number; topics: TopicRequest[] }[] {
  const open = new Map<number, { topics: TopicRequest[]; count: number }>()
  const requests: { leader: number; topics: TopicRequest[] }[] = []
  for (const { name, partitions } of state.topics.values()) {
    for (const track of partitions) {
      if (track.leader === null || !wanted(track)) continue
      let request = open.get(track.leader)
      if (request === undefined || request.count === partitionsPerRequest) {
        request = { topics: [], count: 0 }
        open.set(track.leader, request)
        requests.push({ leader: track.leader, topics: request.topics })
      }
      let topic = request.topics.at(-1)
      if (topic?.name !== name) {
        topic = { name, partitions: [] }
        request.topics.push(topic)
      }
      topic.partitions.push(track.partition)
      request.count++
    }
  }
  return requests
}
