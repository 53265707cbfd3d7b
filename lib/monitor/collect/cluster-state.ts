import type { GroupProgress } from '../../contract/group.ts'
import { EndOffsetHistory } from '../../domain/end-offset-history.ts'
import { PositionWindow } from '../../domain/position-window.ts'
import type { Reading } from '../../domain/rate.ts'
import type { GroupMemberState, GroupState, LogDirState } from '../snapshot.ts'
import { PartTracker } from './part-tracker.ts'

/** What the collector remembers between rounds. Only the collector writes it; a snapshot is made of it each round. */
export class ClusterState {
  kafkaClusterId: string | null = null
  controller: { id: number; epoch: number } | null = null
  readonly brokers = new Map<number, BrokerTrack>()
  readonly topics = new Map<string, TopicTrack>()
  readonly groups = new Map<string, GroupTrack>()
  readonly parts = new PartTracker()
}

export interface BrokerTrack {
  readonly id: number
  host: string
  port: number
  rack: string | null
  isOnline: boolean
  stateSinceMs: number | null
  logDirs: LogDirState[] | null
}

export interface TopicTrack {
  readonly name: string
  readonly id: string | null
  readonly isInternal: boolean
  partitions: PartitionTrack[]
  minInSyncReplicas: number | null
  cleanupPolicy: string | null
  retentionMs: number | null
  hasConfigs: boolean
}

export class PartitionTrack {
  readonly partition: number
  leader: number | null = null
  leaderEpoch: number | null = null
  replicas: readonly number[] = []
  inSync: readonly number[] = []
  offlineReplicas: readonly number[] = []
  addingReplicas: readonly number[] = []
  logStartOffset: bigint | null = null
  endOffset: Reading | null = null
  /** The reading that the next rate is computed from. */
  rateBase: Reading | null = null
  recordsInPerSecond: number | null = null
  /** The leader's size when it was last read, and what the next rate is computed from. */
  sizeBase: { leader: number; sizeBytes: number; atMs: number } | null = null
  bytesInPerSecond: number | null = null
  sizeBytes: ReadonlyMap<number, number> = new Map()
  offsetLag: ReadonlyMap<number, number> = new Map()
  underReplicatedSinceMs: number | null = null
  readonly history = new EndOffsetHistory()

  constructor(partition: number) {
    this.partition = partition
  }
}

export interface GroupTrack {
  readonly id: string
  type: GroupState['type']
  state: string
  /** Empty when nobody ever joined. */
  protocolType: string
  protocol: string | null
  coordinator: number
  listedAtMs: number
  /** The state that `members` was read in. */
  describedState: string | null
  members: GroupMemberState[] | null
  /** When it was first seen without members that it may have had; `null` while it has some or they are not known. */
  memberlessSinceMs: number | null
  /** By topic, then partition. */
  positions: Map<string, Map<number, PositionTrack>>
  positionCount: number
  problem: string | null
  progress: GroupProgress
  progressSinceMs: number | null
}

export class PositionTrack {
  committed: Reading | null = null
  /** When the committed offset was first seen where it is. */
  lastMovedAtMs: number | null = null
  readonly firstSeenAtMs: number
  /** Since when there has been something to read. */
  behindSinceMs: number | null = null
  lag: Reading | null = null
  lagMs: number | null = null
  lagMsIsLowerBound = false
  readonly window = new PositionWindow()

  constructor(firstSeenAtMs: number) {
    this.firstSeenAtMs = firstSeenAtMs
  }
}
