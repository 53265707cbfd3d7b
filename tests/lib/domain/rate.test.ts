import { expect, test } from 'vitest'
import { computeDrainSeconds } from '../../../lib/domain/group-verdict.ts'
import { computeRate, maxKnown, sumKnown } from '../../../lib/domain/rate.ts'

test('a rate is the increase over the time between two readings', () => {
  expect(computeRate({ value: 100n, atMs: 0 }, { value: 150n, atMs: 5_000 })).toBe(10)
})

test('a counter that went back has no rate, never a negative one', () => {
  expect(computeRate({ value: 100n, atMs: 0 }, { value: 20n, atMs: 5_000 })).toBeNull()
  expect(computeRate(null, { value: 20n, atMs: 5_000 })).toBeNull()
  expect(computeRate({ value: 100n, atMs: 5_000 }, { value: 100n, atMs: 5_000 })).toBeNull()
})

test('what is not known does not count as zero', () => {
  expect(sumKnown([null, 2, 3])).toBe(5)
  expect(sumKnown([null, null])).toBeNull()
  expect(maxKnown([null, -2, -3])).toBe(-2)
})

test('lag drains only when more is consumed than produced', () => {
  expect(computeDrainSeconds({ lagRecords: 1_000, consumedPerSecond: 60, producedPerSecond: 10 })).toBe(20)
  expect(computeDrainSeconds({ lagRecords: 1_000, consumedPerSecond: 10, producedPerSecond: 10 })).toBeNull()
  expect(computeDrainSeconds({ lagRecords: 1_000, consumedPerSecond: 10, producedPerSecond: null })).toBeNull()
})
