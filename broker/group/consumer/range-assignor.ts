import type { Assignment } from './assignment.ts'
import type { AssignedMember } from './assignor.ts'

/**
 * Each topic's partitions in runs, as even as they go: with the same number of partitions in two topics the same member has
 * the same partitions of both. Members with an instance id come first, so that restarts do not move them.
 */
export function assignRange(
  members: readonly AssignedMember[],
  partitionsOf: (topicId: string) => number,
): Map<string, Assignment> {
  const assigned = new Map(members.map(({ memberId }) => [memberId, new Map<string, ReadonlySet<number>>()]))
  const readers = new Map<string, AssignedMember[]>()
  for (const member of [...members].sort(byInstanceThenId)) {
    for (const topicId of member.topicIds) {
      const others = readers.get(topicId)
      if (others === undefined) readers.set(topicId, [member])
      else others.push(member)
    }
  }
  for (const [topicId, readersOfTopic] of readers) {
    const count = partitionsOf(topicId)
    const quota = Math.floor(count / readersOfTopic.length)
    const longer = count % readersOfTopic.length
    let next = 0
    for (const [i, { memberId }] of readersOfTopic.entries()) {
      const end = next + quota + (i < longer ? 1 : 0)
      const run = new Set<number>()
      while (next < end) run.add(next++)
      if (run.size > 0) assigned.get(memberId)?.set(topicId, run)
    }
  }
  return assigned
}

function byInstanceThenId(a: AssignedMember, b: AssignedMember): number {
  if (a.instanceId !== null && b.instanceId !== null) return compare(a.instanceId, b.instanceId)
  if (a.instanceId !== null) return -1
  if (b.instanceId !== null) return 1
  return compare(a.memberId, b.memberId)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
