import type { PartitionImage } from '../metadata/partition-image.ts'
import type { MetadataRecordBody } from '../metadata/records.ts'
import { completeMove } from './reassignment-completion.ts'

export const noLeader = -1

export const leaderRecoveryStates = { recovered: 0, recovering: 1 } as const

export type PartitionChange = Extract<MetadataRecordBody, { type: 'PartitionChangeRecord' }>

export interface PartitionTransition {
  readonly topicId: string
  readonly partitionId: number
  readonly partition: PartitionImage
  /** What a leader may be elected from; also bounded by the replicas. */
  readonly canLead: (brokerId: number) => boolean
  /** Never more than the number of replicas. */
  readonly minIsr: number
  /** Without it the last replica in sync stays so when its broker goes away. */
  readonly isElrUsed: boolean
  /** `online` keeps a good leader, `preferred` wants the first replica, `unclean` takes any replica when none is in sync. */
  readonly election: 'online' | 'preferred' | 'unclean'
  readonly targetIsr?: readonly number[]
  /** Came back without having shut down cleanly: what it had acknowledged may be gone. */
  readonly uncleanReplica?: number
  readonly targetRecoveryState?: number
  readonly targetReplicas?: readonly number[]
  readonly targetAdding?: readonly number[]
  readonly targetRemoving?: readonly number[]
}

/**
 * Elects a leader and keeps the in-sync and the eligible replicas (KIP-966), after Kafka's PartitionChangeBuilder. A move
 * to other brokers ends here, as soon as all replicas that stay are in sync.
 * While fewer than `minIsr` replicas are in sync, those that left are eligible: nothing was acknowledged without them.
 * Returns undefined when nothing changes.
 */
export function changePartition(transition: PartitionTransition): PartitionChange | undefined {
  const { partition } = transition
  const target = targetOf(transition)
  const targetElr = eligibleReplicas(transition, target)
  const elected = electLeader(transition, target, targetElr)
  const isNewLeader = elected.leader !== partition.leader

  let isr = target.isr
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
  // A replica that is taken away must not go on counting in the leader's term: it starts a new one.
  const isReplicaRemoved = partition.replicas.some((replica) => !target.replicas.includes(replica))
  if (isNewLeader || isReplicaRemoved) change.leader = elected.leader
  if (!areEqual(isr, partition.isr) && (isr.length > 0 || transition.isElrUsed)) change.isr = isr
  if (!areEqual(elr, partition.eligibleLeaderReplicas)) change.eligibleLeaderReplicas = elr
  if (recoveryState !== partition.leaderRecoveryState) change.leaderRecoveryState = recoveryState
  const lastKnownElr = transition.isElrUsed ? lastKnownLeader(partition, elected.leader, isr) : []
  if (!areEqual(lastKnownElr, partition.lastKnownElr)) change.lastKnownElr = lastKnownElr
  if (!areEqual(target.replicas, partition.replicas)) change.replicas = target.replicas
  if (!areEqual(target.adding, partition.addingReplicas)) change.addingReplicas = target.adding
  if (!areEqual(target.removing, partition.removingReplicas)) change.removingReplicas = target.removing
  return Object.keys(change).length > 3 ? change : undefined
}

/** What the partition is to have, before the election. */
interface Target {
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
  readonly isr: readonly number[]
}

function targetOf(transition: PartitionTransition): Target {
  const { partition } = transition
  const isr = transition.targetIsr ?? partition.isr
  const move = {
    replicas: transition.targetReplicas ?? partition.replicas,
    adding: transition.targetAdding ?? partition.addingReplicas,
    removing: transition.targetRemoving ?? partition.removingReplicas,
  }
  const completed = completeMove(move, isr)
  return completed === undefined ? { ...move, isr } : { ...completed, adding: [], removing: [] }
}

function eligibleReplicas(transition: PartitionTransition, target: Target): readonly number[] {
  const { partition, uncleanReplica } = transition
  if (!transition.isElrUsed || target.isr.length >= Math.min(transition.minIsr, target.replicas.length)) return []
  const candidates = new Set([...partition.eligibleLeaderReplicas, ...partition.isr])
  return [...candidates].filter(
    (replica) => target.replicas.includes(replica) && !target.isr.includes(replica) && replica !== uncleanReplica,
  )
}

interface Elected {
  readonly leader: number
  readonly isUnclean: boolean
}

function electLeader(
  transition: PartitionTransition,
  { replicas, isr: targetIsr }: Target,
  targetElr: readonly number[],
): Elected {
  const { partition, election, canLead } = transition
  const isClean = (replica: number) =>
    canLead(replica) &&
    replicas.includes(replica) &&
    (targetIsr.includes(replica) || (targetIsr.length === 0 && targetElr.includes(replica)))

  const [preferred] = replicas
  if (election === 'preferred' && preferred !== undefined && isClean(preferred)) {
    return { leader: preferred, isUnclean: false }
  }
  if (isClean(partition.leader)) return { leader: partition.leader, isUnclean: false }
  const inSync = replicas.find(isClean)
  if (inSync !== undefined) return { leader: inSync, isUnclean: false }

  const isNobodyEligible = transition.isElrUsed && targetIsr.length === 0 && targetElr.length === 0
  const [lastKnown] = partition.lastKnownElr
  if (isNobodyEligible && lastKnown !== undefined && canLead(lastKnown)) return { leader: lastKnown, isUnclean: true }
  const anyReplica = election === 'unclean' ? replicas.find(canLead) : undefined
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
