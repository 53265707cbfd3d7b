import { expect, test } from 'vitest'
import { type ClusterFacts, computeClusterVerdict } from '../../../lib/domain/cluster-verdict.ts'
import { summariseReplication } from '../../../lib/domain/replication-summary.ts'

const broker = (id: number, isOnline = true) => ({ id, isOnline, stateSinceMs: isOnline ? null : 5_000 })
const partition = (inSync: number[], leader: number | null = inSync[0] ?? null) => ({
  leader,
  inSync,
  replicas: [1, 2, 3],
  addingReplicas: [],
  underReplicatedSinceMs: inSync.length < 3 ? 6_000 : null,
})
const topic = (name: string, ...partitions: ReturnType<typeof partition>[]) => ({
  name,
  minInSyncReplicas: 2,
  partitions,
})
const group = (id: string, progress: 'keepingUp' | 'stuck' | 'stopped' | 'fallingBehind', lagMs: number) => ({
  id,
  progress,
  lagMs,
  lagRecords: lagMs,
})

const well: ClusterFacts = {
  replication: summariseReplication([topic('orders', partition([1, 2, 3]), partition([2, 3, 1]))]),
  brokers: [broker(1), broker(2), broker(3)],
  groups: [group('billing', 'keepingUp', 4_000), group('search', 'keepingUp', 0)],
}

test('all is well names the slowest group', () => {
  expect(computeClusterVerdict(well)).toEqual({
    code: 'allWell',
    health: 'ok',
    brokers: 3,
    partitions: 2,
    groups: 2,
    groupsKeepingUp: 2,
    slowestGroup: 'billing',
    slowestSeconds: 4,
  })
})

test('missing replicas come before groups, with what one more broker would stop', () => {
  const replication = summariseReplication([topic('orders', partition([1, 3]), partition([1, 2, 3]))])
  const brokers = [broker(1), broker(2, false), broker(3)]
  expect(computeClusterVerdict({ ...well, replication, brokers, groups: [group('x', 'stuck', 1)] })).toEqual({
    code: 'replicasMissing',
    health: 'atRisk',
    offline: 0,
    underReplicated: 1,
    topics: 1,
    belowMinIsr: 0,
    atMinIsr: 1,
    brokersDown: [2],
    sinceMs: 5_000,
  })
})

test('refused writes and partitions without a leader are critical', () => {
  const below = summariseReplication([topic('orders', partition([1]))])
  expect(computeClusterVerdict({ ...well, replication: below })).toMatchObject({ health: 'critical', belowMinIsr: 1 })
  const offline = summariseReplication([topic('orders', partition([2], null))])
  expect(computeClusterVerdict({ ...well, replication: offline })).toMatchObject({ health: 'critical', offline: 1 })
})

test('a broker that holds nothing is down all the same', () => {
  const brokers = [broker(1), broker(2, false)]
  expect(computeClusterVerdict({ ...well, brokers })).toMatchObject({
    code: 'brokersDown',
    brokersDown: [2],
    sinceMs: 5_000,
  })
})

test('groups that are behind are named by the worst', () => {
  const groups = [group('a', 'fallingBehind', 90_000), group('b', 'stuck', 600_000), group('c', 'keepingUp', 900_000)]
  expect(computeClusterVerdict({ ...well, groups })).toEqual({
    code: 'groupsBehind',
    health: 'critical',
    groups: 2,
    stopped: 0,
    worstGroup: 'b',
    lagRecords: 600_000,
    lagSeconds: 600,
  })
})

test('groups that nobody reads for are counted apart from those that cannot follow', () => {
  const groups = [group('a', 'fallingBehind', 90_000), group('b', 'stopped', 600_000), group('c', 'keepingUp', 0)]
  expect(computeClusterVerdict({ ...well, groups })).toMatchObject({ groups: 2, stopped: 1, worstGroup: 'b' })
})
