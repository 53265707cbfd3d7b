import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EndOffsetHistory } from '../../../lib/domain/end-offset-history.ts'

function historyOf(...points: [offset: number, atMs: number][]): EndOffsetHistory {
  const history = new EndOffsetHistory()
  for (const [offset, atMs] of points) history.record(offset, atMs)
  return history
}

describe('age of the oldest unread record', () => {
  test('is not known before anything was seen', () => {
    expect(new EndOffsetHistory().ageOf(0, 1_000)).toBeNull()
  })

  test('is zero at the end, and beyond it', () => {
    const history = historyOf([100, 1_000])
    expect(history.ageOf(100, 9_000)).toEqual({ ageMs: 0, isLowerBound: false })
    expect(history.ageOf(101, 9_000)).toEqual({ ageMs: 0, isLowerBound: false })
  })

  test('is interpolated between the two ticks around the offset', () => {
    const history = historyOf([0, 0], [100, 10_000], [200, 20_000])
    expect(history.ageOf(150, 20_000)).toEqual({ ageMs: 5_000, isLowerBound: false })
    expect(history.ageOf(100, 20_000)).toEqual({ ageMs: 10_000, isLowerBound: false })
  })

  test('is a lower bound for what was written before we looked', () => {
    expect(historyOf([100, 1_000]).ageOf(50, 6_000)).toEqual({ ageMs: 5_000, isLowerBound: true })
  })

  test('a quiet topic does not make its next record old', () => {
    const history = historyOf([100, 0], [100, 5_000], [100, 10_000], [100, 60_000], [101, 65_000])
    expect(history.ageOf(100, 65_000)).toEqual({ ageMs: 5_000, isLowerBound: false })
  })

  test('grows while producers are silent and the record is unread', () => {
    const history = historyOf([0, 0], [10, 5_000], [10, 10_000], [10, 15_000])
    expect(history.ageOf(0, 15_000)?.ageMs).toBe(15_000)
  })

  test('starts over when offsets do', () => {
    const history = historyOf([500, 0], [600, 5_000], [3, 10_000])
    expect(history.ageOf(1, 12_000)).toEqual({ ageMs: 2_000, isLowerBound: true })
  })
})

test('for any history the age is never negative, never longer than we watched, and falls as the offset rises', () => {
  const steps = fc.array(fc.nat(500), { minLength: 2, maxLength: 600 })
  fc.assert(
    fc.property(steps, fc.array(fc.nat(300_000), { minLength: 2, maxLength: 10 }), (increments, offsets) => {
      const history = new EndOffsetHistory()
      let end = 0
      for (const [tick, increment] of increments.entries()) {
        end += increment
        history.record(end, tick * 5_000)
      }
      const nowMs = (increments.length - 1) * 5_000
      const ages = offsets.sort((a, b) => a - b).map((offset) => history.ageOf(offset, nowMs)?.ageMs ?? -1)
      for (const [index, ageMs] of ages.entries()) {
        expect(ageMs).toBeGreaterThanOrEqual(0)
        expect(ageMs).toBeLessThanOrEqual(nowMs)
        expect(ageMs).toBeLessThanOrEqual(ages[index - 1] ?? nowMs)
      }
    }),
  )
})
