/** The partitions of a topic whose replicas on one broker are throttled. */
export type ThrottledReplicas = 'all' | ReadonlySet<number>

/** From `leader.` and `follower.replication.throttled.replicas`: `partition:broker`, or `*` for all. */
export function throttledReplicasOn(brokerId: number, entries: readonly string[]): ThrottledReplicas {
  if (entries[0] === '*') return 'all'
  const partitions = new Set<number>()
  for (const entry of entries) {
    const [partition, broker] = entry.split(':')
    if (Number(broker) === brokerId) partitions.add(Number(partition))
  }
  return partitions
}

export function isThrottled(replicas: ThrottledReplicas, partition: number): boolean {
  return replicas === 'all' || replicas.has(partition)
}
