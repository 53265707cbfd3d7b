import { expect, test } from 'vitest'
import { assignSimply } from '../../../../broker/group/share/simple-assignor.ts'

const [a, b] = ['topic-a', 'topic-b']

function members(
  count: number,
  subscribedTopicIds: readonly string[],
  assigned: ReturnType<typeof assignSimply> = new Map(),
) {
  return Array.from({ length: count }, (_, i) => {
    const memberId = `member-${i}`
    return { memberId, subscribedTopicIds, assigned: assigned.get(memberId) ?? [] }
  })
}

function topic(topicId: string, partitions: number) {
  return { topicId, partitions: Array.from({ length: partitions }, (_, i) => i) }
}

function countsOf(assignment: ReturnType<typeof assignSimply>): number[] {
  return [...assignment.values()].map((topics) => topics.reduce((sum, { partitions }) => sum + partitions.length, 0))
}

function readersOf(assignment: ReturnType<typeof assignSimply>): Map<string, number> {
  const readers = new Map<string, number>()
  for (const { topicId, partitions } of [...assignment.values()].flat()) {
    for (const partition of partitions) {
      const name = `${topicId}:${partition}`
      readers.set(name, (readers.get(name) ?? 0) + 1)
    }
  }
  return readers
}

test('each partition has one member while there are no more members than partitions', () => {
  const assignment = assignSimply(members(3, [a, b]), [topic(a, 4), topic(b, 4)])
  expect(countsOf(assignment).sort()).toEqual([2, 3, 3])
  expect([...readersOf(assignment).values()]).toEqual(Array(8).fill(1))
})

test('members share partitions when there are more of them', () => {
  const assignment = assignSimply(members(7, [a]), [topic(a, 3)])
  expect(countsOf(assignment)).toEqual(Array(7).fill(1))
  expect([...readersOf(assignment).values()].sort()).toEqual([2, 2, 3])
})

test('who stays keeps what it has, as far as it is fair', () => {
  const partitions = [topic(a, 6)]
  const before = assignSimply(members(2, [a]), partitions)
  const after = assignSimply(members(3, [a], before), partitions)
  expect(countsOf(after)).toEqual([2, 2, 2])
  for (const memberId of ['member-0', 'member-1']) {
    const kept = after.get(memberId)?.[0]?.partitions ?? []
    expect(before.get(memberId)?.[0]?.partitions).toEqual(expect.arrayContaining([...kept]))
  }
})

test('members get only what they subscribed to', () => {
  const mixed = [...members(1, [a]), { memberId: 'other', subscribedTopicIds: [a, b], assigned: [] }]
  const assignment = assignSimply(mixed, [topic(a, 2), topic(b, 2)])
  expect(assignment.get('member-0')?.map(({ topicId }) => topicId)).toEqual([a])
  expect([...readersOf(assignment).keys()].sort()).toEqual([`${a}:0`, `${a}:1`, `${b}:0`, `${b}:1`])
})
