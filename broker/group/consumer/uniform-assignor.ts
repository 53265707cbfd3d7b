import type { Assignment } from './assignment.ts'
import type { AssignedMember } from './assignor.ts'

/** One member on its way to a new assignment. */
interface Share {
  readonly memberId: string
  readonly topicIds: ReadonlySet<string>
  readonly topics: Map<string, Set<number>>
  size: number
}

type TopicPartition = readonly [topicId: string, partition: number]

/**
 * As even as the subscriptions allow, and no partition moves without need. Where all read the same, nobody has more than one
 * partition more than another. Otherwise no partition could go, directly or by way of others, to a member with two fewer.
 */
export function assignUniformly(
  members: readonly AssignedMember[],
  partitionsOf: (topicId: string) => number,
): Map<string, Assignment> {
  const shares = members.map(({ memberId, topicIds }): Share => ({ memberId, topicIds, topics: new Map(), size: 0 }))
  if (isHomogeneous(members)) assignEvenly(shares, members, partitionsOf)
  else assignByReaders(shares, members, partitionsOf)
  return new Map(shares.map(({ memberId, topics }) => [memberId, topics]))
}

function isHomogeneous(members: readonly AssignedMember[]): boolean {
  const [first, ...others] = members
  if (first === undefined) return true
  return others.every(({ topicIds }) => {
    return topicIds.size === first.topicIds.size && [...topicIds].every((topicId) => first.topicIds.has(topicId))
  })
}

function assignEvenly(
  shares: readonly Share[],
  members: readonly AssignedMember[],
  partitionsOf: (topicId: string) => number,
): void {
  if (shares.length === 0) return
  const free = new Unassigned(shares, partitionsOf)
  const quota = Math.floor(free.size / shares.length)
  let longer = free.size % shares.length
  for (const [i, share] of shares.entries()) {
    const { previous = new Map() } = members[i] ?? {}
    const max = quota + (longer > 0 ? 1 : 0)
    keepPrevious(share, previous, free, max)
    if (share.size > quota) longer -= 1
  }
  const rest = [...free].reverse()
  for (const share of shares) while (share.size < quota) take(share, rest)
  for (const share of shares) if (longer > 0 && share.size === quota) longer -= take(share, rest)
}

function take(share: Share, rest: TopicPartition[]): number {
  const next = rest.pop()
  if (next === undefined) return 0
  give(share, next)
  return 1
}

function assignByReaders(
  shares: readonly Share[],
  members: readonly AssignedMember[],
  partitionsOf: (topicId: string) => number,
): void {
  const free = new Unassigned(shares, partitionsOf)
  for (const [i, share] of shares.entries()) keepPrevious(share, members[i]?.previous ?? new Map(), free, Infinity)
  const readers = readersByTopic(shares)
  // Topics with few readers first: the others can still make up for them.
  const rest = [...free].sort((a, b) => (readers.get(a[0])?.length ?? 0) - (readers.get(b[0])?.length ?? 0))
  for (const partition of rest) {
    const least = leastOf(readers.get(partition[0]) ?? [])
    if (least !== undefined) give(least, partition)
  }
  while (shares.some((share) => shift(share, readers)));
}

/** Moves one partition along the way from an overloaded member to the least loaded one that it can reach. */
function shift(from: Share, readers: ReadonlyMap<string, readonly Share[]>): boolean {
  const cameBy = new Map<Share, { giver: Share; topicId: string }>()
  const queue = [from]
  const seenTopics = new Set<string>()
  let best: Share | undefined
  for (const giver of queue) {
    for (const topicId of giver.topics.keys()) {
      if (seenTopics.has(topicId)) continue
      seenTopics.add(topicId)
      for (const reader of readers.get(topicId) ?? []) {
        if (reader === from || cameBy.has(reader)) continue
        cameBy.set(reader, { giver, topicId })
        queue.push(reader)
        if (reader.size < (best?.size ?? from.size - 1)) best = reader
      }
    }
  }
  if (best === undefined) return false
  let receiver = best
  while (receiver !== from) {
    const step = cameBy.get(receiver)
    if (step === undefined) return false
    move(step.giver, receiver, step.topicId)
    receiver = step.giver
  }
  return true
}

function move(giver: Share, receiver: Share, topicId: string): void {
  const partitions = giver.topics.get(topicId)
  const [partition] = [...(partitions ?? [])].slice(-1)
  if (partitions === undefined || partition === undefined) return
  partitions.delete(partition)
  if (partitions.size === 0) giver.topics.delete(topicId)
  giver.size -= 1
  give(receiver, [topicId, partition])
}

function readersByTopic(shares: readonly Share[]): Map<string, Share[]> {
  const readers = new Map<string, Share[]>()
  for (const share of shares) {
    for (const topicId of share.topicIds) {
      const others = readers.get(topicId)
      if (others === undefined) readers.set(topicId, [share])
      else others.push(share)
    }
  }
  return readers
}

function leastOf(shares: readonly Share[]): Share | undefined {
  let least: Share | undefined
  for (const share of shares) if (least === undefined || share.size < least.size) least = share
  return least
}

function keepPrevious(share: Share, previous: Assignment, free: Unassigned, max: number): void {
  for (const [topicId, partitions] of previous) {
    if (!share.topicIds.has(topicId)) continue
    for (const partition of partitions) {
      if (share.size >= max) return
      if (free.delete(topicId, partition)) give(share, [topicId, partition])
    }
  }
}

function give(share: Share, [topicId, partition]: TopicPartition): void {
  const partitions = share.topics.get(topicId)
  if (partitions === undefined) share.topics.set(topicId, new Set([partition]))
  else partitions.add(partition)
  share.size += 1
}

/** The partitions of all topics that anybody reads which nobody has yet. */
class Unassigned implements Iterable<TopicPartition> {
  readonly #topics = new Map<string, Set<number>>()
  #size = 0

  constructor(shares: readonly Share[], partitionsOf: (topicId: string) => number) {
    for (const topicId of new Set(shares.flatMap(({ topicIds }) => [...topicIds]))) {
      const count = partitionsOf(topicId)
      this.#topics.set(topicId, new Set(Array.from({ length: count }, (_, partition) => partition)))
      this.#size += count
    }
  }

  get size(): number {
    return this.#size
  }

  delete(topicId: string, partition: number): boolean {
    const isFree = this.#topics.get(topicId)?.delete(partition) ?? false
    if (isFree) this.#size -= 1
    return isFree
  }

  *[Symbol.iterator](): Iterator<TopicPartition> {
    for (const [topicId, partitions] of this.#topics) for (const partition of partitions) yield [topicId, partition]
  }
}
