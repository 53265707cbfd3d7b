import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Assignment } from '../../../../broker/group/consumer/assignment.ts'
import { type AssignedMember, type Assignor, assignors } from '../../../../broker/group/consumer/assignor.ts'
import { assignRange } from '../../../../broker/group/consumer/range-assignor.ts'
import { assignUniformly } from '../../../../broker/group/consumer/uniform-assignor.ts'

const topicIds = ['t0', 't1', 't2', 't3', 't4']
const topics = fc.tuple(...topicIds.map(() => fc.nat(7)))
const subscriptions = fc.array(fc.uniqueArray(fc.constantFrom(...topicIds)), { minLength: 1, maxLength: 9 })

function members(read: readonly (readonly string[])[], previous?: ReadonlyMap<string, Assignment>): AssignedMember[] {
  return read.map((ids, i) => ({
    memberId: `m${i}`,
    instanceId: null,
    topicIds: new Set(ids),
    previous: previous?.get(`m${i}`) ?? new Map(),
  }))
}

function partitionsOf(counts: readonly number[]): (topicId: string) => number {
  return (topicId) => counts[topicIds.indexOf(topicId)] ?? 0
}

function keysOf(assignment: Assignment | undefined): string[] {
  return [...(assignment ?? [])].flatMap(([topicId, partitions]) => [...partitions].map((i) => `${topicId}-${i}`))
}

describe.each([...assignors])('%s', (_, assign: Assignor) => {
  test('gives every partition to exactly one member that reads its topic', () => {
    fc.assert(
      fc.property(subscriptions, topics, (read, counts) => {
        const assigned = assign(members(read), partitionsOf(counts))
        const given = [...assigned.values()].flatMap(keysOf)
        const wanted = topicIds.flatMap((topicId, t) => {
          const isRead = read.some((ids) => ids.includes(topicId))
          return isRead ? Array.from({ length: counts[t] ?? 0 }, (__, i) => `${topicId}-${i}`) : []
        })
        expect(given.sort()).toEqual(wanted.sort())
        for (const [i, ids] of read.entries()) {
          for (const topicId of assigned.get(`m${i}`)?.keys() ?? []) expect(ids).toContain(topicId)
        }
      }),
    )
  })
})

describe('uniform', () => {
  test('is even where all read the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), topics, (count, counts) => {
        const read = Array.from({ length: count }, () => topicIds)
        const sizes = [...assignUniformly(members(read), partitionsOf(counts)).values()].map((a) => keysOf(a).length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('has no partition that could go to a member with two fewer', () => {
    fc.assert(
      fc.property(subscriptions, topics, (read, counts) => {
        const assigned = assignUniformly(members(read), partitionsOf(counts))
        const sizes = read.map((__, i) => keysOf(assigned.get(`m${i}`)).length)
        for (const [i, size] of sizes.entries()) {
          for (const topicId of assigned.get(`m${i}`)?.keys() ?? []) {
            for (const [j, ids] of read.entries()) {
              if (ids.includes(topicId)) expect((sizes[j] ?? 0) + 1).toBeGreaterThanOrEqual(size)
            }
          }
        }
      }),
    )
  })

  test('moves nothing when nothing has changed', () => {
    fc.assert(
      fc.property(subscriptions, topics, (read, counts) => {
        const first = assignUniformly(members(read), partitionsOf(counts))
        const second = assignUniformly(members(read, first), partitionsOf(counts))
        for (const [memberId, assignment] of first) {
          expect(keysOf(second.get(memberId)).sort()).toEqual(keysOf(assignment).sort())
        }
      }),
    )
  })

  test('takes nothing from those who stay when one of equals leaves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), topics, (count, counts) => {
        const read = Array.from({ length: count }, () => topicIds)
        const first = assignUniformly(members(read), partitionsOf(counts))
        const second = assignUniformly(members(read.slice(1), first).map(renumbered(first)), partitionsOf(counts))
        for (const [memberId, assignment] of second) {
          expect(keysOf(assignment)).toEqual(expect.arrayContaining(keysOf(first.get(memberId))))
        }
      }),
    )
  })

  test('takes only what is needed for one more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 11 }), topics, (count, counts) => {
        const read = Array.from({ length: count }, () => topicIds)
        const first = assignUniformly(members(read), partitionsOf(counts))
        const second = assignUniformly(members([...read, topicIds], first), partitionsOf(counts))
        const moved = [...first].flatMap(([memberId, assignment]) => {
          const kept = new Set(keysOf(second.get(memberId)))
          return keysOf(assignment).filter((key) => !kept.has(key))
        })
        expect(moved.length).toBe(keysOf(second.get(`m${count}`)).length)
      }),
    )
  })

  test('finds the way by way of others', () => {
    // m0 could only take from t0, which m1 has to make up for from t1.
    const previous = new Map([
      ['m1', new Map([['t0', new Set([0, 1])]])],
      ['m2', new Map([['t1', new Set([0, 1, 2, 3])]])],
    ])
    const read = [['t0'], ['t0', 't1'], ['t1']]
    const assigned = assignUniformly(members(read, previous), partitionsOf([2, 4]))
    expect(read.map((__, i) => keysOf(assigned.get(`m${i}`)).length)).toEqual([2, 2, 2])
  })
})

describe('range', () => {
  test('gives runs, the longer ones first, and the same ones of topics with as many partitions', () => {
    const assigned = assignRange(members([topicIds, topicIds]), partitionsOf([3, 3, 2, 0, 1]))
    expect(keysOf(assigned.get('m0'))).toEqual(['t0-0', 't0-1', 't1-0', 't1-1', 't2-0', 't4-0'])
    expect(keysOf(assigned.get('m1'))).toEqual(['t0-2', 't1-2', 't2-1'])
  })

  test('serves members with an instance first', () => {
    const [first, second] = members([['t0'], ['t0']])
    if (first === undefined || second === undefined) throw new Error('there are two')
    const assigned = assignRange([first, { ...second, instanceId: 'a' }], partitionsOf([1]))
    expect(keysOf(assigned.get('m1'))).toEqual(['t0-0'])
  })
})

/** The members without the first, under the names that they had. */
function renumbered(first: ReadonlyMap<string, Assignment>) {
  return (member: AssignedMember, i: number): AssignedMember => {
    const memberId = `m${i + 1}`
    return { ...member, memberId, previous: first.get(memberId) ?? new Map() }
  }
}
