import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { ShareSnapshotValue } from '../protocol/structures/share-snapshot-record.ts'
import type { ShareUpdateValue } from '../protocol/structures/share-update-record.ts'
import type { StateBatch } from './delivery-state.ts'
import { mergeStateBatches } from './state-batches.ts'

/** Where a share partition starts that nobody has read yet: its leader decides, by `share.auto.offset.reset`. */
export const uninitializedStartOffset = -1
/** Whoever asks does not know. */
const unknownEpoch = -1
const unknownCount = -1

/** What the share coordinator knows of one share partition: its last snapshot and the updates since. */
export interface ShareState {
  readonly snapshotEpoch: number
  /** Of the share group: raised by whoever sets the partition's start anew. */
  readonly stateEpoch: number
  /** Of the partition's leader: an earlier one may not write any more. */
  readonly leaderEpoch: number
  readonly startOffset: number
  readonly deliveryCompleteCount: number
  readonly batches: readonly StateBatch[]
  readonly createdAtMs: number
  readonly writtenAtMs: number
  readonly updatesSinceSnapshot: number
}

export interface ShareStateWrite {
  readonly stateEpoch: number
  readonly leaderEpoch: number
  readonly startOffset: number
  readonly deliveryCompleteCount: number
  readonly batches: readonly StateBatch[]
}

/** What is to be written next, and what is known once it is. */
export interface ShareStateChange {
  readonly state: ShareState
  readonly isSnapshot: boolean
  /** The batches of an update. */
  readonly written: readonly StateBatch[]
}

export function initializeShareState(
  state: ShareState | undefined,
  { stateEpoch, startOffset }: { stateEpoch: number; startOffset: number },
  nowMs: number,
): ShareStateChange {
  if (state !== undefined) requireStateEpoch(state, stateEpoch)
  const initialized: ShareState = {
    snapshotEpoch: state === undefined ? 0 : state.snapshotEpoch + 1,
    stateEpoch,
    leaderEpoch: 0,
    startOffset,
    deliveryCompleteCount: startOffset === uninitializedStartOffset ? unknownCount : 0,
    batches: [],
    createdAtMs: nowMs,
    writtenAtMs: nowMs,
    updatesSinceSnapshot: 0,
  }
  return { state: initialized, isSnapshot: true, written: [] }
}

/** Throws INVALID_REQUEST, FENCED_LEADER_EPOCH or FENCED_STATE_EPOCH. */
export function writeShareState(
  state: ShareState | undefined,
  write: ShareStateWrite,
  options: { updatesPerSnapshot: number; nowMs: number },
): ShareStateChange {
  if (state === undefined) {
    const message = 'Write operation on uninitialized share partition not allowed.'
    throw new KafkaError(errorCodes.INVALID_REQUEST, message)
  }
  requireLeaderEpoch(state, write.leaderEpoch)
  requireStateEpoch(state, write.stateEpoch)
  return changeState(state, write, state.leaderEpoch, options)
}

/**
 * For the leader of a term; the leaders of earlier terms cannot write once the change is written. No change in a term
 * that is known. Throws INVALID_REQUEST or FENCED_LEADER_EPOCH.
 */
export function readShareState(
  state: ShareState | undefined,
  leaderEpoch: number,
  options: { updatesPerSnapshot: number; nowMs: number },
): { state: ShareState; change: ShareStateChange | undefined } {
  if (state === undefined) {
    const message = 'Read operation on uninitialized share partition not allowed.'
    throw new KafkaError(errorCodes.INVALID_REQUEST, message)
  }
  requireLeaderEpoch(state, leaderEpoch)
  if (leaderEpoch === unknownEpoch || leaderEpoch === state.leaderEpoch) return { state, change: undefined }
  return { state, change: changeState(state, { ...state, batches: [] }, leaderEpoch, options) }
}

/** Everything in one record, so that the records before are not needed any more. */
export function snapshotShareState(state: ShareState, nowMs: number): ShareStateChange {
  const { snapshotEpoch } = state
  const snapshot = { ...state, snapshotEpoch: snapshotEpoch + 1, writtenAtMs: nowMs, updatesSinceSnapshot: 0 }
  return { state: snapshot, isSnapshot: true, written: [] }
}

export function stateOfSnapshot(value: ShareSnapshotValue): ShareState {
  return {
    snapshotEpoch: value.snapshotEpoch,
    stateEpoch: value.stateEpoch,
    leaderEpoch: value.leaderEpoch,
    startOffset: value.startOffset,
    deliveryCompleteCount: value.deliveryCompleteCount,
    batches: value.stateBatches,
    createdAtMs: value.createTimestamp,
    writtenAtMs: value.writeTimestamp,
    updatesSinceSnapshot: 0,
  }
}

export function stateAfterUpdate(state: ShareState, update: ShareUpdateValue): ShareState {
  const startOffset = update.startOffset === uninitializedStartOffset ? state.startOffset : update.startOffset
  return {
    ...state,
    leaderEpoch: Math.max(state.leaderEpoch, update.leaderEpoch),
    startOffset,
    deliveryCompleteCount: update.deliveryCompleteCount,
    batches: mergeStateBatches(state.batches, update.stateBatches, startOffset),
    updatesSinceSnapshot: state.updatesSinceSnapshot + 1,
  }
}

function changeState(
  state: ShareState,
  write: Pick<ShareStateWrite, 'startOffset' | 'deliveryCompleteCount' | 'batches'>,
  leaderEpoch: number,
  { updatesPerSnapshot, nowMs }: { updatesPerSnapshot: number; nowMs: number },
): ShareStateChange {
  const startOffset = write.startOffset === uninitializedStartOffset ? state.startOffset : write.startOffset
  const changed: ShareState = {
    ...state,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount: write.deliveryCompleteCount,
    batches: mergeStateBatches(state.batches, write.batches, startOffset),
    updatesSinceSnapshot: state.updatesSinceSnapshot + 1,
  }
  if (state.updatesSinceSnapshot >= updatesPerSnapshot) return snapshotShareState(changed, nowMs)
  return { state: changed, isSnapshot: false, written: mergeStateBatches([], write.batches, startOffset) }
}

function requireLeaderEpoch(state: ShareState, leaderEpoch: number): void {
  if (leaderEpoch === unknownEpoch || leaderEpoch >= state.leaderEpoch) return
  throw new KafkaError(
    errorCodes.FENCED_LEADER_EPOCH,
    'The leader epoch in the request is older than the epoch on the broker.',
  )
}

function requireStateEpoch(state: ShareState, stateEpoch: number): void {
  if (stateEpoch === unknownEpoch || stateEpoch >= state.stateEpoch) return
  throw new KafkaError(
    errorCodes.FENCED_STATE_EPOCH,
    'The share coordinator rejected the request because the share-group state epoch did not match.',
  )
}
