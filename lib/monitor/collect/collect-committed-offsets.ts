import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import { kafkaErrorName } from '../../kafka/kafka-error.ts'
import { type FetchOffsetsResponse, fetchOffsets } from '../../kafka/operations/fetch-offsets.ts'
import { batchByCoordinator } from './batch-by-coordinator.ts'
import { type ClusterState, type GroupTrack, PositionTrack } from './cluster-state.ts'
import { failureOf, PartOutcome } from './failure.ts'

const groupsPerRequest = 50
const positionsPerRequest = 10_000

/** Every committed offset of every group. Runs before the end offsets are read, so that lag is overstated a little and never negative. */
export async function collectCommittedOffsets(
  connection: ClusterConnection,
  state: ClusterState,
  nowMs: () => number,
): Promise<void> {
  const outcome = new PartOutcome()
  // Share groups keep their positions elsewhere (KIP-932).
  const groups = [...state.groups.values()].filter(({ type }) => type !== 'share')
  const weigh = (group: GroupTrack) => group.positionCount
  await Promise.all(
    batchByCoordinator(groups, groupsPerRequest, positionsPerRequest, weigh).map(async (batch) => {
      try {
        const response = await connection.sendTo(batch.coordinator, fetchOffsets, { groups: batch.groups })
        outcome.succeed()
        const atMs = nowMs()
        for (const fetched of response.groups) applyGroup(state, fetched, atMs, outcome)
      } catch (error) {
        const failure = failureOf(error)
        outcome.fail(failure)
        for (const id of batch.groups) setProblem(state, id, failure.message)
      }
    }),
  )
  outcome.report(state.parts, 'committedOffsets', nowMs())
}

function applyGroup(
  state: ClusterState,
  fetched: FetchOffsetsResponse['groups'][number],
  atMs: number,
  outcome: PartOutcome,
): void {
  const group = state.groups.get(fetched.id)
  if (group === undefined) return
  if (fetched.errorCode !== 0) {
    outcome.failItem(fetched.errorCode)
    group.problem = kafkaErrorName(fetched.errorCode)
    return
  }
  const positions: GroupTrack['positions'] = new Map()
  let count = 0
  for (const { name, partitions } of fetched.topics) {
    // Commits outlive their topic until the coordinator cleans up.
    if (!state.topics.has(name)) continue
    const known = group.positions.get(name)
    const ofTopic = new Map<number, PositionTrack>()
    for (const { partition, offset, errorCode } of partitions) {
      const track = known?.get(partition) ?? new PositionTrack(atMs)
      ofTopic.set(partition, track)
      if (errorCode !== 0) outcome.failItem(errorCode)
      else applyPosition(track, offset, atMs)
    }
    positions.set(name, ofTopic)
    count += ofTopic.size
  }
  group.positions = positions
  group.positionCount = count
}

function applyPosition(track: PositionTrack, offset: bigint, atMs: number): void {
  if (offset < 0n) {
    track.committed = null
    track.lag = null
    return
  }
  if (track.committed !== null && track.committed.value !== offset) track.lastMovedAtMs = atMs
  track.committed = { value: offset, atMs }
}

function setProblem(state: ClusterState, groupId: string, problem: string): void {
  const group = state.groups.get(groupId)
  if (group !== undefined) group.problem = problem
}
