import { expect, it } from 'vitest'
import { computeRetryAtMs } from '../../../lib/domain/delivery-retry.ts'

it('tries soon, then hourly, for a day', () => {
  let nowMs = 0
  const delays: number[] = []
  for (let attempts = 1; ; attempts += 1) {
    const atMs = computeRetryAtMs({ attempts, createdAtMs: 0, nowMs, jitter: 0.999_999 })
    if (atMs === undefined) break
    delays.push(Math.round((atMs - nowMs) / 1_000))
    nowMs = atMs
  }
  expect(delays.slice(0, 8)).toEqual([1, 5, 30, 120, 600, 1_800, 3_600, 3_600])
  expect(delays).toHaveLength(29)
})

it('waits at least half of the delay, and at least what the receiver asked for', () => {
  const failure = { attempts: 3, createdAtMs: 0, nowMs: 0, jitter: 0 }
  expect(computeRetryAtMs(failure)).toBe(15_000)
  expect(computeRetryAtMs({ ...failure, retryAfterMs: 90_000 })).toBe(90_000)
})
