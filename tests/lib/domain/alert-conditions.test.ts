import { describe, expect, it } from 'vitest'
import { type AlertFacts, findAlertConditions, isSubjectKnown } from '../../../lib/domain/alert-conditions.ts'

interface Partition {
  readonly leader: number | null
  readonly inSync: readonly number[]
  readonly adding?: readonly number[]
}

function facts(topics: Record<string, readonly Partition[]>, down: readonly number[] = []): AlertFacts {
  return {
    clusterId: 'main',
    brokers: new Map(
      [3, 1, 2].map((id) => [id, { id, host: `b${id}`, port: 9_091 + id, isOnline: !down.includes(id) }]),
    ),
    topics: new Map(
      Object.entries(topics).map(([name, partitions]) => [
        name,
        {
          partitions: partitions.map(({ leader, inSync, adding = [] }, partition) => ({
            partition,
            leader,
            inSync,
            replicas: [1, 2, 3],
            addingReplicas: adding,
          })),
        },
      ]),
    ),
  }
}

const whole = { leader: 1, inSync: [1, 2, 3] }

describe('under_replicated', () => {
  it('is one condition of the cluster that lists topics, partitions and missing brokers in order', () => {
    const cluster = facts({
      payments: [whole, { leader: 1, inSync: [1, 3] }],
      orders: [{ leader: 3, inSync: [3] }, whole, { leader: 1, inSync: [1, 3] }],
      quiet: [whole],
    })
    expect(findAlertConditions('under_replicated', cluster)).toEqual([
      {
        subject: { kind: 'cluster', id: 'main' },
        params: {
          partitions: 3,
          topics: 2,

          brokers: '1, 2',
          partitionList: 'orders 0, 2; payments 1',
        },
      },
    ])
  })

  it('leaves partitions without a leader to their own rule', () => {
    const cluster = facts({ orders: [{ leader: null, inSync: [2] }] })
    expect(findAlertConditions('under_replicated', cluster)).toEqual([])
    expect(findAlertConditions('offline_partitions', cluster)).toMatchObject([{ params: { partitions: 1, topics: 1 } }])
  })

  it('does not miss replicas that a reassignment is still filling', () => {
    expect(
      findAlertConditions('under_replicated', facts({ orders: [{ leader: 1, inSync: [1, 2], adding: [3] }] })),
    ).toEqual([])
  })

  it('lists a bounded number and counts all', () => {
    const short = { leader: 1, inSync: [1] }
    const topics = Object.fromEntries(
      Array.from({ length: 30 }, (_, topic) => [`t${topic + 10}`, Array(50).fill(short)]),
    )
    const [condition] = findAlertConditions('under_replicated', facts(topics))
    expect(condition?.params).toMatchObject({ partitions: 1_500, topics: 30, brokers: '2, 3' })
    expect(condition?.params['partitionList']).toMatch(/^t10 0, 1, .*, 19, \+30 more; .*; \+20 more$/)
    expect(String(condition?.params['partitionList']).length).toBeLessThan(1_000)
  })
})

describe('broker_down', () => {
  it('is one condition a broker', () => {
    expect(findAlertConditions('broker_down', facts({}, [3, 2]))).toEqual([
      { subject: { kind: 'broker', id: '2' }, params: { broker: 2, host: 'b2', port: 9_093 } },
      { subject: { kind: 'broker', id: '3' }, params: { broker: 3, host: 'b3', port: 9_094 } },
    ])
  })

  it('knows a broker that left for good from one that is down', () => {
    expect(isSubjectKnown({ kind: 'broker', id: '2' }, facts({}, [2]))).toBe(true)
    expect(isSubjectKnown({ kind: 'broker', id: '9' }, facts({}))).toBe(false)
  })
})
