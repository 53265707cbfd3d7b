import { describe, expect, test } from 'vitest'
import { ClientQuotaTable } from '../../../../broker/security/client-quota-table.ts'
import { ClientQuotas } from '../../../../broker/server/quota/client-quotas.ts'
import { ConnectionAdmission, parseHostOverrides } from '../../../../broker/server/quota/connection-admission.ts'
import { QuotaLimits } from '../../../../broker/server/quota/quota-limits.ts'
import { TokenBucket } from '../../../../broker/server/quota/token-bucket.ts'
import { WindowedRate } from '../../../../broker/server/quota/windowed-rate.ts'

const windows = { count: 11, sizeMs: 1_000 }

type Entity = Readonly<Record<string, string | null>>

function table(...quotas: readonly (readonly [entity: Entity, key: string, value: number])[]): ClientQuotaTable {
  const made = new ClientQuotaTable()
  for (const [names, key, value] of quotas) {
    const entity = Object.entries(names).map(([entityType, entityName]) => ({ entityType, entityName }))
    made.apply({ entity, key, value, remove: false })
  }
  return made
}

describe('a rate', () => {
  test('counts a newcomer as idle before', () => {
    const rate = new WindowedRate(windows)
    rate.record(1_000, 5_000)
    expect(rate.perSecond(5_000)).toBe(100)
    expect(rate.perSecond(5_900)).toBeCloseTo(1_000 / 10.9)
  })

  test('forgets what is older than its windows', () => {
    const rate = new WindowedRate(windows)
    rate.record(1_000, 0)
    rate.record(500, 6_000)
    expect(rate.perSecond(10_500)).toBeCloseTo(1_500 / 10.5)
    expect(rate.perSecond(11_000)).toBeCloseTo(500 / 10)
    expect(rate.isIdle(17_000)).toBe(true)
  })
})

test('the most specific quota applies, in the order of Apache Kafka', () => {
  const all: (readonly [Entity, string, number])[] = [
    [{ user: 'alice', 'client-id': 'app' }, 'producer_byte_rate', 1],
    [{ user: 'alice', 'client-id': null }, 'producer_byte_rate', 2],
    [{ user: 'alice' }, 'producer_byte_rate', 3],
    [{ user: null, 'client-id': 'app' }, 'producer_byte_rate', 4],
    [{ user: null, 'client-id': null }, 'producer_byte_rate', 5],
    [{ user: null }, 'producer_byte_rate', 6],
    [{ 'client-id': 'app' }, 'producer_byte_rate', 7],
    [{ 'client-id': null }, 'producer_byte_rate', 8],
  ]
  const client = { user: 'alice', clientId: 'app' }
  for (const from of all.keys()) {
    const limits = new QuotaLimits(table(...all.slice(from)))
    expect(limits.find('producer_byte_rate', client)?.perSecond).toBe(from + 1)
    expect(limits.find('consumer_byte_rate', client)).toBeUndefined()
  }
})

test('clients of a user share the user’s quota, and each user has a default of its own', () => {
  const limits = new QuotaLimits(table([{ user: null }, 'producer_byte_rate', 1]))
  const sharedBy = (user: string, clientId: string) => limits.find('producer_byte_rate', { user, clientId })?.sharedBy
  expect(sharedBy('alice', 'a')).toBe(sharedBy('alice', 'b'))
  expect(sharedBy('alice', 'a')).not.toBe(sharedBy('bob', 'a'))
})

test('a quota that is altered applies at once', () => {
  const quotas = table([{ user: 'alice' }, 'producer_byte_rate', 1])
  const limits = new QuotaLimits(quotas)
  const client = { user: 'alice', clientId: '' }
  expect(limits.find('producer_byte_rate', client)?.perSecond).toBe(1)
  const entity = [{ entityType: 'user', entityName: 'alice' }]
  quotas.apply({ entity, key: 'producer_byte_rate', value: 9, remove: false })
  expect(limits.find('producer_byte_rate', client)?.perSecond).toBe(9)
  quotas.apply({ entity, key: 'producer_byte_rate', value: 0, remove: true })
  expect(limits.find('producer_byte_rate', client)).toBeUndefined()
})

test('who uses twice the quota over all windows waits for as long again', () => {
  const quotas = new ClientQuotas(table([{ user: 'alice' }, 'producer_byte_rate', 100]), windows)
  const client = { user: 'alice', clientId: '' }
  expect(quotas.record('producer_byte_rate', client, 1_000, 0)).toBe(0)
  expect(quotas.record('producer_byte_rate', client, 1_000, 0)).toBe(10_000)
  expect(quotas.record('producer_byte_rate', { user: 'bob', clientId: '' }, 1_000_000, 0)).toBe(0)
})

test('a share of the thread’s time is never waited for longer than a window', () => {
  const quotas = new ClientQuotas(table([{ user: 'alice' }, 'request_percentage', 1]), windows)
  expect(quotas.record('request_percentage', { user: 'alice', clientId: '' }, 1_000, 0)).toBe(1_000)
})

test('a bucket may be overdrawn by one act, and refills', () => {
  const bucket = new TokenBucket({ count: 10, sizeMs: 1_000 })
  expect(bucket.waitMs(2, 0)).toBe(0)
  bucket.take(30, 2, 0)
  expect(bucket.waitMs(2, 0)).toBe(5_000)
  expect(bucket.waitMs(2, 5_000)).toBe(0)
  expect(bucket.isFull(2, 15_000)).toBe(true)
})

describe('the admission of connections', () => {
  function admission(quotas = table()) {
    const limits = { connectionsMax: 3, perHostMax: 2, perHostOverrides: parseHostOverrides('10.0.0.9:1,::1:0') }
    let nowMs = 0
    const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs }
    return {
      door: new ConnectionAdmission({ limits: () => limits, quotas, windows, clock }),
      pass: (ms: number) => {
        nowMs += ms
      },
    }
  }

  test('holds each address to its number, and all of them to theirs', () => {
    const { door } = admission()
    const kinds = (...hosts: string[]) => hosts.map((host) => door.admit(host).kind)
    expect(kinds('10.0.0.1', '10.0.0.1', '10.0.0.1')).toEqual(['admitted', 'admitted', 'refused'])
    expect(kinds('10.0.0.9', '10.0.0.9', '10.0.0.2')).toEqual(['admitted', 'refused', 'refused'])
    door.release('10.0.0.9')
    expect(kinds('::1', '10.0.0.2')).toEqual(['refused', 'admitted'])
  })

  test('delays an address that comes too often', () => {
    const { door, pass } = admission(table([{ ip: '10.0.0.1' }, 'connection_creation_rate', 1]))
    for (let count = 0; count < 10; count += 1) {
      expect(door.admit('10.0.0.1').kind).toBe('admitted')
      door.release('10.0.0.1')
    }
    expect(door.admit('10.0.0.1')).toEqual({ kind: 'delayed', delayMs: 1_000 })
    expect(door.admit('10.0.0.2').kind).toBe('admitted')
    door.release('10.0.0.1')
    pass(11_000)
    expect(door.admit('10.0.0.1').kind).toBe('admitted')
  })
})
