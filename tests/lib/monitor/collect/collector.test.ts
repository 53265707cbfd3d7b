import { createServer } from 'node:net'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../../lib/clock.ts'
import { Collector } from '../../../../lib/monitor/collect/collector.ts'
import { startTestCluster, type TestCluster } from '../../../support/kafka-cluster.ts'
import { waitFor } from '../../../support/wait-for.ts'

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster({ brokers: 1 })
  const kafka = new Kafka({ brokers: [...cluster.brokers], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'orders', messages: [{ value: 'a', partition: 1 }] })
  await admin.setOffsets({ groupId: 'billing', topic: 'orders', partitions: [{ partition: 1, offset: '0' }] })
  await Promise.all([admin.disconnect(), producer.disconnect()])
})

afterAll(() => cluster.stop())

function collectorOf(bootstrap: string): Collector {
  return new Collector({ clusterId: 'main', bootstrap, tickMs: 500, clock: systemClock })
}

test('one round reads everything there is', async () => {
  const collector = collectorOf(cluster.bootstrap)
  const snapshot = await waitFor('the group', async () => {
    const read = await collector.collectRound(1_000, true)
    return read.groups.get('billing')?.lagRecords === 1 && read
  })
  expect(snapshot).toMatchObject({ clusterId: 'main', tickAtMs: 1_000, controller: { id: 1 } })
  expect(Object.entries(snapshot.parts).filter(([, { problem }]) => problem !== null)).toEqual([])
  expect(snapshot.topics.get('orders')).toMatchObject({
    minInSyncReplicas: 1,
    cleanupPolicy: 'delete',
    partitions: [
      { partition: 0, leader: 1, inSync: [1], logStartOffset: 0n, endOffset: 0n },
      { partition: 1, endOffset: 1n },
      { partition: 2, endOffset: 0n },
    ],
  })
  expect(snapshot.groups.get('billing')).toMatchObject({ state: 'Empty', coordinator: 1, members: [] })
  expect(snapshot.brokers.get(1)?.logDirs?.[0]).toMatchObject({ error: null })
  expect(snapshot.cost.requests).toBeGreaterThan(5)
  collector.close()
})

test('the rate of a topic is over the time between two rounds', async () => {
  const collector = collectorOf(cluster.bootstrap)
  const first = await collector.collectRound(0, true)
  expect(first.topics.get('orders')?.partitions[0]?.recordsInPerSecond).toBeNull()
  const later = await waitFor('a rate', async () => {
    const read = await collector.collectRound(500, true)
    return read.topics.get('orders')?.partitions[0]?.recordsInPerSecond === 0 && read
  })
  expect(later.topics.get('orders')?.partitions[1]?.recordsInPerSecond).toBe(0)
  collector.close()
})

test('a bootstrap broker that hangs does not keep the others from being read', async () => {
  const hung = createServer((socket) => socket.on('error', () => undefined).resume())
  const port = await new Promise((resolve) => {
    hung.listen(0, '127.0.0.1', () => {
      const address = hung.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const collector = collectorOf(`127.0.0.1:${port},${cluster.bootstrap}`)
  const snapshot = await collector.collectRound(0, true)
  expect(snapshot.parts.metadata.problem).toBeNull()
  collector.close()
  hung.close()
})

test('a cluster that is gone keeps its last values, with their age and why', async () => {
  const collector = collectorOf(cluster.bootstrap)
  const before = await collector.collectRound(0, true)
  await cluster.stop()
  const after = await collector.collectRound(500, true)
  expect(after.topics.get('orders')?.partitions[1]).toMatchObject({
    leader: 1,
    endOffset: 1n,
    recordsInPerSecond: null,
  })
  expect(after.brokers.get(1)?.isOnline).toBe(true)
  const { metadata, endOffsets } = after.parts
  expect(metadata.asOfMs).toBe(before.parts.metadata.asOfMs)
  expect(metadata.problem).toMatchObject({ code: 'unreachable' })
  expect(endOffsets.problem?.sinceMs).toBeGreaterThanOrEqual(before.completedAtMs)
  collector.close()
})
