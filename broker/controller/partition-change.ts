import type { PartitionImage } from '../metadata/image.ts'
import type { MetadataRecordBody } from '../metadata/records.ts'

export const noLeader = -1

export const leaderRecoveryStates = { recovered: 0, recovering: 1 } as const

export type PartitionChange = Extract<MetadataRecordBody, { type: 'PartitionChangeRecord' }>

export interface PartitionTransition {
  readonly topicId: string
  readonly partitionId: number
  readonly partition: PartitionImage
  /** What a leader may be elected from; also bounded by `partition.replicas`. */
  readonly canLead: (brokerId: number) => boolean
  /** Never more than the number of replicas. */
  readonly minIsr: number
  /** `online` keeps a good leader, `preferred` wants the first replica, `unclean` takes any replica when none is in sync. */
  readonly election: 'online' | 'preferred' | 'unclean'
  readonly targetIsr?: readonly number[]
  /** Came back without having shut down cleanly: what it had acknowledged may be gone. */
  readonly uncleanReplica?: number
  readonly targetRecoveryState?: number
}

/**
 * Elects a leader and keeps the in-sync and the eligible replicas (KIP-966), after Kafka's PartitionChangeBuilder.
 * While fewer than `minIsr` replicas are in sync, those that left are eligible: nothing was acknowledged without them.
 * Returns undefined when nothing changes.
 */
export function changePartition(transition: PartitionTransition): PartitionChange | undefined {
  const { partition } = transition
  const targetIsr = transition.targetIsr ?? partition.isr
  const targetElr = eligibleReplicas(transition, targetIsr)
  const elected = electLeader(transition, targetIsr, targetElr)
  const isNewLeader = elected.leader !== partition.leader

  let isr = targetIsr
  let elr = targetElr
  let recoveryState = transition.targetRecoveryState ?? partition.leaderRecoveryState
  if (isNewLeader && elected.isUnclean) {
    isr = [elected.leader]
    elr = []
    recoveryState = leaderRecoveryStates.recovering
  } else if (isNewLeader && targetElr.includes(elected.leader)) {
    isr = [elected.leader]
    elr = targetElr.filter((replica) => replica !== elected.leader)
  }

  const change: { -readonly [Field in keyof PartitionChange]: PartitionChange[Field] } = {
    type: 'PartitionChangeRecord',
    topicId: transition.topicId,
    partitionId: transition.partitionId,
  }
  if (isNewLeader) change.leader = elected.leader
  if (!areEqual(isr, partition.isr)) change.isr = isr
  if (!areEqual(elr, partition.eligibleLeaderReplicas)) change.eligibleLeaderReplicas = elr
  if (recoveryState !== partition.leaderRecoveryState) change.leaderRecoveryState = recoveryState
  const lastKnownElr = lastKnownLeader(partition, elected.leader, isr)
  if (!areEqual(lastKnownElr, partition.lastKnownElr)) change.lastKnownElr = lastKnownElr
  return Object.keys(change).length > 3 ? change : undefined
}

function eligibleReplicas(transition: PartitionTransition, targetIsr: readonly number[]): readonly number[] {
  const { partition, minIsr, uncleanReplica } = transition
  if (targetIsr.length >= minIsr) return []
  const candidates = new Set([...partition.eligibleLeaderReplicas, ...partition.isr])
  return [...candidates].filter((replica) => !targetIsr.includes(replica) && replica !== uncleanReplica)
}

interface Elected {
  readonly leader: number
  readonly isUnclean: boolean
}

function electLeader(
  transition: PartitionTransition,
  targetIsr: readonly number[],
  targetElr: readonly number[],
): Elected {
  const { partition, election, canLead } = transition
  const isClean = (replica: number) =>
    canLead(replica) && (targetIsr.includes(replica) || (targetIsr.length === 0 && targetElr.includes(replica)))

  const [preferred] = partition.replicas
  if (election === 'preferred' && preferred !== undefined && isClean(preferred)) {
    return { leader: preferred, isUnclean: false }
  }
  if (isClean(partition.leader)) return { leader: partition.leader, isUnclean: false }
  const inSync = partition.replicas.find(isClean)
  if (inSync !== undefined) return { leader: inSync, isUnclean: false }

  const isNobodyEligible = targetIsr.length === 0 && targetElr.length === 0
  const [lastKnown] = partition.lastKnownElr
  if (isNobodyEligible && lastKnown !== undefined && canLead(lastKnown)) return { leader: lastKnown, isUnclean: true }
  const anyReplica = election === 'unclean' ? partition.replicas.find(canLead) : undefined
  return anyReplica === undefined ? { leader: noLeader, isUnclean: false } : { leader: anyReplica, isUnclean: true }
}

/** Remembered from the moment nobody is in sync until there is a leader again: it has at least what others have. */
function lastKnownLeader(partition: PartitionImage, leader: number, isr: readonly number[]): readonly number[] {
  if (leader !== noLeader) return []
  const wasLed = partition.leader !== noLeader
  return isr.length === 0 && wasLed ? [partition.leader] : partition.lastKnownElr
}

function areEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}
