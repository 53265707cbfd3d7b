import { type Assignment, type EpochAssignment, nothingAssigned, type TopicPartitions } from './assignment.ts'
import { type ConsumerMember, isReconciled, type MemberPosition, memberStates } from './consumer-member.ts'

export interface Reconciliation {
  readonly targetEpoch: number
  readonly target: Assignment
  /** What the member reads by now; what it was given of other topics is taken from it. */
  readonly isSubscribedTo: (topicId: string) => boolean
  readonly hasSubscriptionChanged: boolean
  /** Whether another member has it, or still has to give it up. */
  readonly isOwnedByAnother: (topicId: string, partition: number) => boolean
  /** What the member says it owns; undefined where it does not say. */
  readonly owned: readonly TopicPartitions[] | undefined
}

/**
 * The member's next step towards its target: first it gives up what is not its own any more, under its old epoch; when it
 * says that it has, it enters the target's epoch with what is free; what others still hold it is given when they let go.
 */
export function reconcileMember(member: ConsumerMember, reconciliation: Reconciliation): MemberPosition {
  const { targetEpoch, hasSubscriptionChanged, owned } = reconciliation
  if (isReconciled(member, targetEpoch) && !hasSubscriptionChanged) return member
  if (member.state === memberStates.unrevokedPartitions && ownsAnyOf(owned, member.pendingRevocation)) {
    return hasSubscriptionChanged ? withoutUnsubscribed(member, reconciliation) : member
  }
  if (member.state === memberStates.stable && member.memberEpoch === targetEpoch) {
    return withoutUnsubscribed(member, reconciliation)
  }
  return nextPosition(member, reconciliation)
}

function nextPosition(member: ConsumerMember, reconciliation: Reconciliation): MemberPosition {
  const { targetEpoch, target, isSubscribedTo, isOwnedByAnother, owned } = reconciliation
  const kept = new Map<string, Map<number, number>>()
  const revoked = new Map<string, ReadonlyMap<number, number>>()
  for (const [topicId, partitions] of member.assigned) {
    const wanted = isSubscribedTo(topicId) ? target.get(topicId) : undefined
    const keep = new Map([...partitions].filter(([partition]) => wanted?.has(partition)))
    const revoke = new Map([...partitions].filter(([partition]) => !wanted?.has(partition)))
    if (keep.size > 0) kept.set(topicId, keep)
    if (revoke.size > 0) revoked.set(topicId, revoke)
  }
  if (revoked.size > 0 && ownsAnyOf(owned, revoked)) {
    return {
      memberEpoch: member.memberEpoch,
      previousMemberEpoch: member.memberEpoch,
      state: memberStates.unrevokedPartitions,
      assigned: kept,
      pendingRevocation: revoked,
    }
  }
  let isWaiting = false
  for (const [topicId, partitions] of target) {
    if (!isSubscribedTo(topicId)) continue
    const own = kept.get(topicId) ?? new Map<number, number>()
    for (const partition of partitions) {
      if (own.has(partition)) continue
      if (isOwnedByAnother(topicId, partition)) isWaiting = true
      else own.set(partition, targetEpoch)
    }
    if (own.size > 0) kept.set(topicId, own)
  }
  return {
    memberEpoch: targetEpoch,
    previousMemberEpoch: member.memberEpoch,
    state: isWaiting ? memberStates.unreleasedPartitions : memberStates.stable,
    assigned: kept,
    pendingRevocation: nothingAssigned,
  }
}

/** Topics that the member no longer reads are taken from it at once, though the target may not know of it yet. */
function withoutUnsubscribed(member: ConsumerMember, reconciliation: Reconciliation): MemberPosition {
  const { isSubscribedTo, owned } = reconciliation
  const assigned = new Map([...member.assigned].filter(([topicId]) => isSubscribedTo(topicId)))
  if (assigned.size === member.assigned.size) return member
  const pendingRevocation = new Map(member.pendingRevocation)
  for (const [topicId, partitions] of member.assigned) {
    if (assigned.has(topicId)) continue
    pendingRevocation.set(topicId, new Map([...(pendingRevocation.get(topicId) ?? []), ...partitions]))
  }
  const position = { memberEpoch: member.memberEpoch, previousMemberEpoch: member.memberEpoch, assigned }
  return ownsAnyOf(owned, pendingRevocation)
    ? { ...position, state: memberStates.unrevokedPartitions, pendingRevocation }
    : { ...position, state: member.state, pendingRevocation: member.pendingRevocation }
}

/** A member that does not say what it owns may own everything that it was given. */
function ownsAnyOf(owned: readonly TopicPartitions[] | undefined, assignment: EpochAssignment): boolean {
  if (owned === undefined) return true
  return owned.some(({ topicId, partitions }) => {
    const revoked = assignment.get(topicId)
    return revoked !== undefined && partitions.some((partition) => revoked.has(partition))
  })
}
