import type { GroupProgress } from '../contract/group.ts'
import type { Part } from '../contract/part.ts'

/** What one round read, in the order in which parts are collected. */
export const partNames = [
  'metadata',
  'committedOffsets',
  'endOffsets',
  'startOffsets',
  'groups',
  'groupMembers',
  'logDirs',
  'quorum',
  'configs',
] as const
export type PartName = (typeof partNames)[number]

/** Everything known of one cluster after one round. Immutable: the next round makes a new one. */
export interface ClusterSnapshot {
  readonly clusterId: string
  readonly kafkaClusterId: string | null
  /** Grid time of the tick (ms, multiple of the tick); series are stored at it. */
  readonly tickAtMs: number
  readonly startedAtMs: number
  readonly completedAtMs: number
  /** Brokers alive now, and those seen before that are gone (until the registry forgets them). */
  readonly brokers: ReadonlyMap<number, BrokerState>
  readonly controller: { readonly id: number; readonly epoch: number } | null
  readonly topics: ReadonlyMap<string, TopicState>
  readonly groups: ReadonlyMap<string, GroupState>
  readonly parts: Readonly<Record<PartName, Part>>
  readonly cost: {
    readonly requests: number
    readonly bytesIn: number
    readonly bytesOut: number
    readonly durationMs: number
  }
}

export interface BrokerState {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly isOnline: boolean
  readonly stateSinceMs: number | null
  readonly logDirs: readonly LogDirState[] | null
}

export interface LogDirState {
  readonly path: string
  readonly error: string | null
  readonly totalBytes: number | null
  readonly usableBytes: number | null
  readonly sizeBytes: number
  readonly replicas: number
}

export interface TopicState {
  readonly name: string
  readonly id: string | null
  readonly isInternal: boolean
  readonly partitions: readonly PartitionState[]
  /** Overrides and effective values that rules need; `null` until configs were read. */
  readonly minInSyncReplicas: number | null
  readonly cleanupPolicy: string | null
  readonly retentionMs: number | null
}

export interface PartitionState {
  readonly partition: number
  readonly leader: number | null
  readonly leaderEpoch: number | null
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
  readonly offlineReplicas: readonly number[]
  /** Being added by a reassignment: not yet missed when they are out of sync. */
  readonly addingReplicas: readonly number[]
  readonly logStartOffset: bigint | null
  readonly endOffset: bigint | null
  /** Age of `endOffset` when it could not be read this round. */
  readonly endOffsetAtMs: number | null
  readonly recordsInPerSecond: number | null
  readonly bytesInPerSecond: number | null
  /** Bytes on disk by broker; absent brokers were not read. */
  readonly sizeBytes: ReadonlyMap<number, number>
  readonly offsetLag: ReadonlyMap<number, number>
  readonly underReplicatedSinceMs: number | null
}

export interface GroupState {
  readonly id: string
  readonly type: 'classic' | 'consumer' | 'share' | 'streams' | 'unknown'
  readonly state: string
  readonly protocol: string | null
  readonly coordinator: number | null
  readonly members: readonly GroupMemberState[] | null
  readonly partitions: readonly GroupPartitionState[]
  readonly problem: string | null
  /** Sum and worst over the partitions; `null` while nothing was committed or no end offset is known. */
  readonly lagRecords: number | null
  readonly lagMs: number | null
  readonly lagMsIsLowerBound: boolean
  readonly consumedPerSecond: number | null
  readonly progress: GroupProgress
  readonly progressSinceMs: number | null
}

export interface GroupMemberState {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly assignments: ReadonlyMap<string, readonly number[]>
}

export interface GroupPartitionState {
  readonly topic: string
  readonly partition: number
  /** `null` when nothing was ever committed. */
  readonly committedOffset: bigint | null
  readonly lagRecords: bigint | null
  readonly lagMs: number | null
  readonly lagMsIsLowerBound: boolean
  /** Mean over the last ticks: consumers commit about as rarely as we look. */
  readonly consumedPerSecond: number | null
  readonly lastMovedAtMs: number | null
  readonly progress: GroupProgress
}
