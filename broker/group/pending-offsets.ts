import { type CommittedOffset, GroupOffsets, type TopicPartition } from './offsets.ts'

/**
 * The offsets that were committed in transactions which have not ended: seen by nobody, and in the way of whoever wants to
 * know what is certain. Of one partition of `__consumer_offsets`.
 */
export class PendingOffsets {
  /** By producer id, then by group. */
  readonly #groupsOf = new Map<number, Map<string, GroupOffsets>>()

  put(producerId: number, groupId: string, { topic, partition, value }: CommittedOffset): void {
    const groups = this.#groupsOf.get(producerId) ?? new Map<string, GroupOffsets>()
    this.#groupsOf.set(producerId, groups)
    const offsets = groups.get(groupId) ?? new GroupOffsets()
    groups.set(groupId, offsets)
    offsets.put({ topic, partition }, value)
  }

  /** The producer's transaction has ended: what was pending in it is so no more. */
  take(producerId: number): ReadonlyMap<string, GroupOffsets> {
    const groups = this.#groupsOf.get(producerId)
    this.#groupsOf.delete(producerId)
    return groups ?? new Map()
  }

  has(groupId: string, topic: string, partition: number): boolean {
    for (const groups of this.#groupsOf.values()) {
      if (groups.get(groupId)?.find(topic, partition) !== undefined) return true
    }
    return false
  }

  /** A partition as often as transactions have committed it. */
  *ofGroup(groupId: string): Generator<CommittedOffset, void, undefined> {
    for (const groups of this.#groupsOf.values()) yield* groups.get(groupId) ?? []
  }

  /** Another record about the partition came later in the log: the transaction's will not count. */
  drop(groupId: string, partition: TopicPartition): void {
    for (const [producerId, groups] of this.#groupsOf) {
      const offsets = groups.get(groupId)
      offsets?.remove(partition)
      if (offsets?.isEmpty) groups.delete(groupId)
      if (groups.size === 0) this.#groupsOf.delete(producerId)
    }
  }
}
