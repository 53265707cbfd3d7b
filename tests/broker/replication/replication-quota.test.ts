import { expect, it } from 'vitest'
import { ReplicationQuota } from '../../../broker/replication/replication-quota.ts'
import { isThrottled, throttledReplicasOn } from '../../../broker/replication/throttled-replicas.ts'

it('lets through its rate, whatever the size of the single fetches', () => {
  for (const fetchBytes of [100, 1_000, 50_000]) {
    const quota = new ReplicationQuota()
    quota.bytesPerSecond = 10_000
    let copied = 0
    for (let nowMs = 0; nowMs < 60_000; nowMs += 10) {
      if (quota.delayMs(nowMs) > 0) continue
      quota.record(fetchBytes, nowMs)
      copied += fetchBytes
    }
    // A minute's worth, and the burst with one fetch at most.
    expect(copied).toBeGreaterThanOrEqual(10_000 * 59)
    expect(copied).toBeLessThanOrEqual(10_000 * 61 + fetchBytes)
  }
})

it('holds nothing back without a rate, and forgets the old rate when it changes', () => {
  const quota = new ReplicationQuota()
  quota.record(1e12, 0)
  expect(quota.delayMs(0)).toBe(0)
  quota.bytesPerSecond = 1
  quota.record(100, 0)
  expect(quota.delayMs(0)).toBe(99_000)
  quota.bytesPerSecond = 1_000
  expect(quota.delayMs(0)).toBe(0)
})

it('knows which replicas of a topic are throttled on a broker', () => {
  const replicas = throttledReplicasOn(2, ['0:1', '0:2', '3:2', '4:12'])
  expect([0, 1, 3, 4].filter((partition) => isThrottled(replicas, partition))).toEqual([0, 3])
  expect(isThrottled(throttledReplicasOn(2, ['*']), 9)).toBe(true)
  expect(isThrottled(throttledReplicasOn(2, []), 0)).toBe(false)
})
