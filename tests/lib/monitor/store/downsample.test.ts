import fc from 'fast-check'
import { expect, it } from 'vitest'
import { chooseGrid, computeRates, downsample } from '../../../../lib/monitor/store/downsample.ts'

it('a grid is of whole ticks, covers the range and has at most the points asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_000_000_000 }),
      fc.integer({ min: 1, max: 700_000_000 }),
      fc.constantFrom(250, 1_000, 5_000, 10_000),
      fc.integer({ min: 10, max: 1_500 }),
      (fromMs, lengthMs, tickMs, maxPoints) => {
        const grid = chooseGrid({ fromMs, toMs: fromMs + lengthMs }, tickMs, maxPoints)
        expect(grid.steps).toBeLessThanOrEqual(maxPoints)
        expect(grid.stepMs % tickMs).toBe(0)
        expect(grid.fromMs % grid.stepMs).toBe(0)
        expect(grid.fromMs).toBeLessThanOrEqual(fromMs)
        expect(grid.fromMs + grid.steps * grid.stepMs).toBeGreaterThanOrEqual(fromMs + lengthMs)
      },
    ),
  )
})

it('a step is the mean, the minimum and the maximum of its points, and a gap stays a gap', () => {
  const points = [
    { atMs: 0, value: 4 },
    { atMs: 5, value: 0 },
    { atMs: 25, value: 7 },
  ]
  expect(downsample(points, { fromMs: 0, stepMs: 10, steps: 3 })).toEqual({
    values: [2, null, 7],
    minima: [0, null, 7],
    maxima: [4, null, 7],
  })
})

it('a rate is the gain per second; a reset and a long gap have none', () => {
  const points = [
    { atMs: 0, value: 100 },
    { atMs: 5_000, value: 150 },
    { atMs: 10_000, value: 20 },
    { atMs: 15_000, value: 20 },
    { atMs: 60_000, value: 900 },
    { atMs: 65_000, value: 905 },
  ]
  expect([...computeRates(points, 15_000)]).toEqual([
    { atMs: 5_000, value: 10 },
    { atMs: 15_000, value: 0 },
    { atMs: 65_000, value: 1 },
  ])
})
