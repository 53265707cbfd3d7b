/** The replicas of a partition while it is moved: all of them, and those that come and go among them. */
export interface ReplicaMove {
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

export function isMoving({ adding, removing }: Pick<ReplicaMove, 'adding' | 'removing'>): boolean {
  return adding.length + removing.length > 0
}

/**
 * A move is over when every replica that stays is in sync: those that go then leave the replicas and the in-sync set.
 * Returns undefined while it is not. After Kafka's PartitionReassignmentReplicas.
 */
export function completeMove(
  move: ReplicaMove,
  isr: readonly number[],
): { readonly replicas: readonly number[]; readonly isr: readonly number[] } | undefined {
  if (!isMoving(move)) return undefined
  const stays = (replica: number) => !move.removing.includes(replica)
  const replicas = move.replicas.filter(stays)
  if (replicas.length === 0 || !replicas.every((replica) => isr.includes(replica))) return undefined
  return { replicas, isr: isr.filter(stays) }
}
