/** Partitions by topic. Never changed in place, so that what was written and what is being written can be told apart. */
export type TopicPartitions = ReadonlyMap<string, ReadonlySet<number>>

export const noPartitions: TopicPartitions = new Map()

export function topicPartitionsOf(topics: Iterable<readonly [string, Iterable<number>]>): TopicPartitions {
  let all = noPartitions
  for (const [topic, partitions] of topics) all = union(all, new Map([[topic, new Set(partitions)]]))
  return all
}

export function union(a: TopicPartitions, b: TopicPartitions): TopicPartitions {
  const topics = new Map(a)
  for (const [topic, partitions] of b) topics.set(topic, new Set([...(a.get(topic) ?? []), ...partitions]))
  return topics
}

export function includes(all: TopicPartitions, topic: string, partition: number): boolean {
  return all.get(topic)?.has(partition) ?? false
}

export function includesAll(all: TopicPartitions, some: TopicPartitions): boolean {
  return [...eachPartition(some)].every(([topic, partition]) => includes(all, topic, partition))
}

export function* eachPartition(all: TopicPartitions): Generator<readonly [string, number], void, undefined> {
  for (const [topic, partitions] of all) for (const partition of partitions) yield [topic, partition]
}
