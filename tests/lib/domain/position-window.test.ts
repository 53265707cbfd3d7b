import { expect, test } from 'vitest'
import { PositionWindow } from '../../../lib/domain/position-window.ts'

function windowOf(...observations: [atMs: number, committed: number, lag: number][]): PositionWindow {
  const window = new PositionWindow()
  for (const [atMs, committed, lag] of observations) window.observe(atMs, committed, lag)
  return window
}

test('one observation has no rate', () => {
  expect(windowOf([0, 10, 5]).trend()).toMatchObject({ consumedPerSecond: null, isComplete: false })
})

test('commits that come every second tick make a steady rate', () => {
  const trend = windowOf([0, 0, 10], [5_000, 0, 60], [10_000, 100, 10], [15_000, 100, 60], [20_000, 200, 10]).trend()
  expect(trend.consumedPerSecond).toBe(10)
  expect(trend.lagChange).toBe(0)
})

test('keeps the last seven observations', () => {
  const window = new PositionWindow()
  for (let tick = 0; tick < 20; tick++) window.observe(tick * 1_000, tick * 10, tick === 2 ? 0 : 100 - tick)
  expect(window.trend()).toEqual({ consumedPerSecond: 10, lagChange: -6, hadZeroLag: false, isComplete: true })
})

test('a group that was set back starts over', () => {
  expect(windowOf([0, 100, 0], [5_000, 150, 0], [10_000, 20, 130]).trend().consumedPerSecond).toBeNull()
})
