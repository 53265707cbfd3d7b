import { describe, expect, it } from 'vitest'
import { startControlledShutdown } from '../../../broker/controller/broker-leadership.ts'
import { ClusterModel, summary } from './cluster-model.ts'

function clusterWith(replicas: number[], configs: Record<string, string> = {}): ClusterModel {
  const cluster = new ClusterModel().start(1, 2, 3)
  cluster.createPartition('t', replicas, configs)
  return cluster
}

describe('a broker that is fenced', () => {
  it('hands its leadership to the next in-sync replica, in a new leader epoch', () => {
    const cluster = clusterWith([2, 1, 3])
    cluster.fence(2)
    expect(summary(cluster.partition('t'))).toBe('leader 1, isr 1 3')
    expect(cluster.partition('t')).toMatchObject({ leaderEpoch: 1, partitionEpoch: 1 })
  })

  it('leaves the in-sync replicas it only followed in, in the same leader epoch', () => {
    const cluster = clusterWith([2, 1, 3])
    cluster.fence(3)
    expect(summary(cluster.partition('t'))).toBe('leader 2, isr 2 1')
    expect(cluster.partition('t')).toMatchObject({ leaderEpoch: 0, partitionEpoch: 1 })
  })

  it('stays eligible while fewer than min.insync.replicas are in sync, and leads again when all others are gone', () => {
    const cluster = clusterWith([1, 2, 3])
    cluster.fence(1)
    cluster.fence(2)
    expect(summary(cluster.partition('t'))).toBe('leader 3, isr 3, eligible 2')
    cluster.fence(3)
    expect(summary(cluster.partition('t'))).toBe('leader -1, isr , eligible 2 3, last known 3')
    cluster.unfence(2)
    expect(summary(cluster.partition('t'))).toBe('leader 2, isr 2, eligible 3')
  })

  it('does not lead when it left before the others acknowledged without it', () => {
    const cluster = clusterWith([1, 2, 3])
    for (const brokerId of [1, 2, 3]) cluster.fence(brokerId)
    cluster.unfence(1)
    expect(summary(cluster.partition('t'))).toBe('leader -1, isr , eligible 2 3, last known 3')
  })

  it('is replaced uncleanly where the topic allows it', () => {
    const cluster = clusterWith([1, 2, 3], { 'unclean.leader.election.enable': 'true' })
    for (const brokerId of [1, 2, 3]) cluster.fence(brokerId)
    cluster.unfence(1)
    expect(summary(cluster.partition('t'))).toBe('leader 1, isr 1')
    expect(cluster.partition('t').leaderRecoveryState).toBe(1)
  })
})

describe('a broker that comes back without a clean shutdown', () => {
  it('is no longer in sync nor eligible', () => {
    const cluster = clusterWith([1, 2, 3])
    cluster.fence(1)
    cluster.fence(2)
    cluster.register(2)
    expect(summary(cluster.partition('t'))).toBe('leader 3, isr 3')
  })

  it('leads again as the last known leader when nobody is eligible', () => {
    const cluster = clusterWith([1, 2, 3])
    for (const brokerId of [1, 2, 3]) cluster.fence(brokerId)
    for (const brokerId of [1, 2, 3]) cluster.register(brokerId)
    expect(summary(cluster.partition('t'))).toBe('leader -1, isr , last known 3')
    cluster.unfence(1)
    expect(cluster.partition('t').leader).toBe(-1)
    cluster.unfence(3)
    expect(summary(cluster.partition('t'))).toBe('leader 3, isr 3')
    expect(cluster.partition('t').leaderRecoveryState).toBe(1)
  })

  it('stays eligible after a clean one', () => {
    const cluster = clusterWith([1, 2, 3])
    const epoch = cluster.epochOf(2)
    cluster.fence(1)
    cluster.fence(2)
    cluster.register(2, { previousBrokerEpoch: epoch })
    expect(summary(cluster.partition('t'))).toBe('leader 3, isr 3, eligible 2')
  })

  it('loses its place in sync when it is back before it was fenced', () => {
    const cluster = clusterWith([1, 2, 3])
    cluster.register(1)
    expect(summary(cluster.partition('t'))).toBe('leader 2, isr 2 3')
    expect(cluster.state.image.brokers.get(1)?.isFenced).toBe(true)
  })
})

describe('a broker that shuts down', () => {
  it('gives its leaderships away and stays visible', () => {
    const cluster = clusterWith([1, 2, 3])
    cluster.write(startControlledShutdown(cluster.state, 1))
    expect(summary(cluster.partition('t'))).toBe('leader 2, isr 2 3')
    expect(cluster.state.image.brokers.get(1)).toMatchObject({ isFenced: false, isShuttingDown: true })
  })
})
