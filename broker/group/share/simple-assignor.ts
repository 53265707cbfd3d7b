import type { TopicPartitions } from './share-group-records.ts'

/** A member as the assignor sees it. */
export interface AssignableMember {
  readonly memberId: string
  /** Of topics that exist. */
  readonly subscribedTopicIds: readonly string[]
  /** What it has now: what it may keep it keeps. */
  readonly assigned: readonly TopicPartitions[]
}

/**
 * Gives every partition to some member and every member some partition, as evenly as can be: with fewer members than
 * partitions each partition has one, with more members they share. Members of different subscriptions are looked at one
 * topic at a time.
 */
export function assignSimply(
  members: readonly AssignableMember[],
  partitions: readonly TopicPartitions[],
): Map<string, TopicPartitions[]> {
  const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const assigned = new Map(sorted.map(({ memberId }) => [memberId, new Set<string>()]))
  for (const part of isHomogeneous(sorted) ? [partitions] : partitions.map((topic) => [topic])) {
    const topicIds = new Set(part.map(({ topicId }) => topicId))
    const interested = sorted.filter(({ subscribedTopicIds }) => subscribedTopicIds.some((id) => topicIds.has(id)))
    spread(interested, part.flatMap(namesOf), assigned)
  }
  return new Map([...assigned].map(([memberId, names]) => [memberId, topicsOf(names)]))
}

function isHomogeneous(members: readonly AssignableMember[]): boolean {
  const subscriptions = new Set(members.map(({ subscribedTopicIds }) => [...subscribedTopicIds].sort().join()))
  return subscriptions.size <= 1
}

function spread(
  members: readonly AssignableMember[],
  partitions: readonly string[],
  assigned: ReadonlyMap<string, Set<string>>,
): void {
  if (members.length === 0 || partitions.length === 0) return
  if (members.length <= partitions.length) spreadPartitions(members, partitions, assigned)
  else spreadMembers(members, partitions, assigned)
}

/** Each partition to one member. */
function spreadPartitions(
  members: readonly AssignableMember[],
  partitions: readonly string[],
  assigned: ReadonlyMap<string, Set<string>>,
): void {
  const counts = new Map(members.map(({ memberId }) => [memberId, 0]))
  const quota = new Quota(partitions.length, members.length)
  const free = new Set(partitions)
  const give = (memberId: string, partition: string) => {
    free.delete(partition)
    counts.set(memberId, (counts.get(memberId) ?? 0) + 1)
    assigned.get(memberId)?.add(partition)
  }
  for (const { memberId, assigned: current } of members) {
    for (const partition of current.flatMap(namesOf)) {
      if (free.has(partition) && quota.allows(counts.get(memberId) ?? 0)) give(memberId, partition)
    }
  }
  for (const partition of [...free]) give(least(counts), partition)
}

/** Each member to one partition. */
function spreadMembers(
  members: readonly AssignableMember[],
  partitions: readonly string[],
  assigned: ReadonlyMap<string, Set<string>>,
): void {
  const counts = new Map(partitions.map((partition) => [partition, 0]))
  const quota = new Quota(members.length, partitions.length)
  const without: string[] = []
  const give = (memberId: string, partition: string) => {
    counts.set(partition, (counts.get(partition) ?? 0) + 1)
    assigned.get(memberId)?.add(partition)
  }
  for (const { memberId, assigned: current } of members) {
    const kept = current.flatMap(namesOf).find((partition) => {
      const count = counts.get(partition)
      return count !== undefined && quota.allows(count)
    })
    if (kept === undefined) without.push(memberId)
    else give(memberId, kept)
  }
  for (const memberId of without) give(memberId, least(counts))
}

/** How many of `slots` each of `takers` may have: so many that they differ by one at most. */
class Quota {
  readonly #least: number
  #extras: number

  constructor(slots: number, takers: number) {
    this.#least = Math.floor(slots / takers)
    this.#extras = slots % takers
  }

  allows(count: number): boolean {
    if (count < this.#least) return true
    if (count > this.#least || this.#extras === 0) return false
    this.#extras -= 1
    return true
  }
}

function least(counts: ReadonlyMap<string, number>): string {
  let found = ''
  let lowest = Number.POSITIVE_INFINITY
  for (const [key, count] of counts) {
    if (count >= lowest) continue
    lowest = count
    found = key
  }
  return found
}

function namesOf({ topicId, partitions }: TopicPartitions): string[] {
  return partitions.map((partition) => `${topicId}:${partition}`)
}

function topicsOf(names: ReadonlySet<string>): TopicPartitions[] {
  const topics = new Map<string, number[]>()
  for (const name of names) {
    const [topicId = '', partition] = name.split(':')
    const partitions = topics.get(topicId) ?? []
    partitions.push(Number(partition))
    topics.set(topicId, partitions)
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions: partitions.sort((a, b) => a - b) }))
}
