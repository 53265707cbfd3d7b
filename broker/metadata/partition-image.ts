import type { PartitionChangeRecord } from '../protocol/structures/partition-change-record.ts'
import type { PartitionRecord } from '../protocol/structures/partition-record.ts'
import type { SharedIds } from './shared-ids.ts'

export interface PartitionImage {
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly removingReplicas: readonly number[]
  /** -1 when there is none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly leaderRecoveryState: number
  readonly eligibleLeaderReplicas: readonly number[]
  readonly lastKnownElr: readonly number[]
}

/** As it was created. */
export function createdPartition(record: PartitionRecord): PartitionImage {
  return {
    replicas: record.replicas,
    isr: record.isr,
    addingReplicas: record.addingReplicas,
    removingReplicas: record.removingReplicas,
    leader: record.leader,
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
    leaderRecoveryState: record.leaderRecoveryState,
    eligibleLeaderReplicas: record.eligibleLeaderReplicas ?? [],
    lastKnownElr: record.lastKnownElr ?? [],
  }
}

/** Applies Kafka's rule that a change of leader or of the replica set starts a new leader epoch. */
export function changedPartition(partition: PartitionImage, change: PartitionChangeRecord): PartitionImage {
  // A leader of -2 means unchanged, -1 none; naming the same leader again also starts a new epoch.
  const isNewLeader = change.leader !== -2
  return {
    replicas: change.replicas ?? partition.replicas,
    isr: change.isr ?? partition.isr,
    addingReplicas: change.addingReplicas ?? partition.addingReplicas,
    removingReplicas: change.removingReplicas ?? partition.removingReplicas,
    leader: isNewLeader ? change.leader : partition.leader,
    leaderEpoch: isNewLeader ? partition.leaderEpoch + 1 : partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch + 1,
    leaderRecoveryState: change.leaderRecoveryState === -1 ? partition.leaderRecoveryState : change.leaderRecoveryState,
    eligibleLeaderReplicas: change.eligibleLeaderReplicas ?? partition.eligibleLeaderReplicas,
    lastKnownElr: change.lastKnownElr ?? partition.lastKnownElr,
  }
}

/** Most partitions have their replicas in common with many others. */
export function withSharedIds(partition: PartitionImage, ids: SharedIds): PartitionImage {
  return {
    ...partition,
    replicas: ids.share(partition.replicas),
    isr: ids.share(partition.isr),
    addingReplicas: ids.share(partition.addingReplicas),
    removingReplicas: ids.share(partition.removingReplicas),
    eligibleLeaderReplicas: ids.share(partition.eligibleLeaderReplicas),
    lastKnownElr: ids.share(partition.lastKnownElr),
  }
}
