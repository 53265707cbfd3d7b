import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { beforeAll, expect, test } from 'vitest'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'

/* @platformatic/kafka's consumers in the protocol of KIP-848. */

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster({
    properties: {
      'group.consumer.min.heartbeat.interval.ms': '200',
      'group.consumer.heartbeat.interval.ms': '200',
      'group.consumer.assignment.interval.ms': '0',
      'default.replication.factor': '3',
      'offsets.topic.replication.factor': '3',
      'min.insync.replicas': '2',
    },
  })
  return () => cluster.stop()
})

test('two members share a topic, and one of them has all of it when the other leaves', async () => {
  const base = {
    clientId: 'platformatic',
    bootstrapBrokers: cluster.bootstrap.split(','),
    retries: 20,
    retryDelay: 100,
  }
  const admin = new Admin(base)
  await admin.createTopics({ topics: ['shared'], partitions: 4, replicas: 3 })
  const seen = new Set<string>()
  const join = async () => {
    const options = { groupId: 'pair', groupProtocol: 'consumer' as const, maxWaitTime: 200 }
    const consumer = new Consumer({ ...base, ...options, deserializers: stringDeserializers })
    const stream = await consumer.consume({ topics: ['shared'], mode: 'committed', fallbackMode: 'earliest' })
    stream.on('data', ({ value }) => seen.add(value))
    stream.on('error', () => undefined)
    return consumer
  }
  const sizeOf = (consumer: Consumer<string, string, string, string>) =>
    consumer.assignments?.find(({ topic }) => topic === 'shared')?.partitions.length ?? 0
  const first = await join()
  const second = await join()
  await waitFor('both have two', () => sizeOf(first) === 2 && sizeOf(second) === 2, { timeoutMs: 30_000 })
  const producer = new Producer({ ...base, serializers: stringSerializers })
  const send = async (from: number, to: number) => {
    const messages = Array.from({ length: to - from }, (_, i) => ({ topic: 'shared', value: `v${from + i}` }))
    await producer.send({ messages, acks: -1 })
  }
  await send(0, 100)
  await waitFor('all is read', () => seen.size === 100, { timeoutMs: 30_000 })
  await second.close(true)
  await waitFor('the first has all', () => sizeOf(first) === 4, { timeoutMs: 30_000 })
  await send(100, 200)
  await waitFor('the rest is read', () => seen.size === 200, { timeoutMs: 30_000 })
  expect([...(await admin.listGroups({ types: ['consumer'] })).values()]).toMatchObject([
    { id: 'pair', groupType: 'consumer' },
  ])
  await first.close(true)
  await producer.close()
  await admin.close()
})
