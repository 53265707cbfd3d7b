import type { GroupProgress } from '../../contract/group.ts'
import { computeProgressSince, evaluateGroupProgress, evaluatePositionProgress } from '../../domain/group-progress.ts'
import { computeLag } from '../../domain/lag.ts'
import type { ClusterState, GroupTrack, PartitionTrack, PositionTrack } from './cluster-state.ts'

/**
 * Lag of every position whose committed and end offset were both read since `roundStartedAtMs`. The others keep their
 * last lag for a while (see buildSnapshot): a lag of one fresh and one stale offset would be wrong.
 */
export function updateLags(state: ClusterState, round: { startedAtMs: number; isOnGrid: boolean }): void {
  for (const group of state.groups.values()) {
    for (const [topic, positions] of group.positions) {
      const partitions = state.topics.get(topic)?.partitions
      if (partitions === undefined) continue
      for (const [index, position] of positions) {
        const partition = partitions[index]
        if (partition !== undefined) updateLag(position, partition, round)
      }
    }
    updateGroupProgress(group, round.startedAtMs)
  }
}

function updateLag(
  position: PositionTrack,
  partition: PartitionTrack,
  round: { startedAtMs: number; isOnGrid: boolean },
): void {
  const { committed } = position
  const end = partition.endOffset
  if (committed === null || end === null) return
  if (committed.atMs < round.startedAtMs || end.atMs < round.startedAtMs) return
  const lag = computeLag({
    committedOffset: committed.value,
    logStartOffset: partition.logStartOffset,
    endOffset: end.value,
  })
  if (lag === null) return
  position.lag = { value: lag, atMs: end.atMs }
  position.behindSinceMs = lag === 0n ? null : (position.behindSinceMs ?? end.atMs)
  const age =
    lag === 0n ? { ageMs: 0, isLowerBound: false } : partition.history.ageOf(Number(committed.value), end.atMs)
  position.lagMs = age === null ? null : Math.round(age.ageMs)
  position.lagMsIsLowerBound = age?.isLowerBound ?? false
  if (round.isOnGrid) position.window.observe(committed.atMs, Number(committed.value), Number(lag))
}

function updateGroupProgress(group: GroupTrack, nowMs: number): void {
  group.memberlessSinceMs = hasMembers(group) === false ? (group.memberlessSinceMs ?? nowMs) : null
  const progress = evaluateGroupProgress(eachProgress(group, nowMs), hasMembers(group))
  if (progress === group.progress) return
  group.progress = progress
  const { memberlessSinceMs } = group
  group.progressSinceMs = computeProgressSince(progress, {
    nowMs,
    memberlessSinceMs,
    assignsItself: assignsItself(group),
  })
}

function* eachProgress(group: GroupTrack, nowMs: number): Iterable<GroupProgress> {
  for (const positions of group.positions.values()) {
    for (const position of positions.values()) yield progressOf(group, position, nowMs)
  }
}

export function progressOf(group: GroupTrack, position: PositionTrack, nowMs: number): GroupProgress {
  const trend = position.window.trend()
  return evaluatePositionProgress({
    hasCommitted: position.committed !== null,
    lagRecords: position.lag === null ? null : Number(position.lag.value),
    lagMs: position.lagMs,
    // Standing still counts only while there is something to read.
    unmovedMs: nowMs - Math.max(position.lastMovedAtMs ?? position.firstSeenAtMs, position.behindSinceMs ?? nowMs),
    lagChange: trend.isComplete ? trend.lagChange : null,
    hadZeroLag: trend.hadZeroLag,
    hasMembers: hasMembers(group),
    assignsItself: assignsItself(group),
  })
}

function assignsItself(group: GroupTrack): boolean {
  return group.protocolType === ''
}

function hasMembers(group: GroupTrack): boolean | null {
  if (group.state === 'Empty' || group.state === 'Dead') return false
  return group.members === null ? null : group.members.length > 0
}
