import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import { kafkaErrorName } from '../../kafka/kafka-error.ts'
import { type DescribedLogDir, describeLogDirs } from '../../kafka/operations/describe-log-dirs.ts'
import type { LogDirState } from '../snapshot.ts'
import type { ClusterState, PartitionTrack } from './cluster-state.ts'
import { failureOf, PartOutcome } from './failure.ts'

/** Disk of each broker and size of each replica; bytes in per second from the growth of the leaders' replicas. */
export async function collectLogDirs(
  connection: ClusterConnection,
  state: ClusterState,
  nowMs: () => number,
): Promise<void> {
  const outcome = new PartOutcome()
  const answered = new Set<number>()
  await Promise.all(
    connection.brokerIds.map(async (brokerId) => {
      try {
        const response = await connection.sendTo(brokerId, describeLogDirs, null)
        if (response.errorCode !== 0) return outcome.failItem(response.errorCode)
        outcome.succeed()
        applyLogDirs(state, brokerId, response.logDirs)
        answered.add(brokerId)
      } catch (error) {
        outcome.fail(failureOf(error))
      }
    }),
  )
  const atMs = nowMs()
  for (const { partitions } of state.topics.values()) {
    for (const track of partitions) updateBytesRate(track, answered, atMs)
  }
  outcome.report(state.parts, 'logDirs', atMs)
}

function applyLogDirs(state: ClusterState, brokerId: number, logDirs: readonly DescribedLogDir[]): void {
  const broker = state.brokers.get(brokerId)
  if (broker !== undefined) broker.logDirs = logDirs.map(summarise)
  for (const { topics } of logDirs) {
    for (const { name, partitions } of topics) {
      const tracks = state.topics.get(name)?.partitions
      if (tracks === undefined) continue
      for (const { partition, sizeBytes, offsetLag, isFuture } of partitions) {
        const track = tracks[partition]
        if (track === undefined || isFuture) continue
        track.sizeBytes = new Map(track.sizeBytes).set(brokerId, sizeBytes)
        track.offsetLag = new Map(track.offsetLag).set(brokerId, offsetLag)
      }
    }
  }
}

function summarise({ path, errorCode, totalBytes, usableBytes, topics }: DescribedLogDir): LogDirState {
  let sizeBytes = 0
  let replicas = 0
  for (const { partitions } of topics) {
    replicas += partitions.length
    for (const partition of partitions) sizeBytes += partition.sizeBytes
  }
  return {
    path,
    error: errorCode === 0 ? null : kafkaErrorName(errorCode),
    totalBytes: totalBytes < 0 ? null : totalBytes,
    usableBytes: usableBytes < 0 ? null : usableBytes,
    sizeBytes,
    replicas,
  }
}

/**
 * Retention makes a log shrink: then, when the leader moved and when it did not answer, the rate of this time is not
 * known.
 */
function updateBytesRate(track: PartitionTrack, answered: ReadonlySet<number>, atMs: number): void {
  const { leader, sizeBase } = track
  if (leader !== null && !answered.has(leader)) {
    // The base stays: growth since then is told once the leader answers again.
    track.bytesInPerSecond = null
    return
  }
  const sizeBytes = leader === null ? undefined : track.sizeBytes.get(leader)
  if (leader === null || sizeBytes === undefined) {
    track.sizeBase = null
    track.bytesInPerSecond = null
    return
  }
  const isComparable =
    sizeBase !== null && sizeBase.leader === leader && atMs > sizeBase.atMs && sizeBytes >= sizeBase.sizeBytes
  track.bytesInPerSecond = isComparable ? ((sizeBytes - sizeBase.sizeBytes) * 1000) / (atMs - sizeBase.atMs) : null
  track.sizeBase = { leader, sizeBytes, atMs }
}
