import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../../support/wait-for.ts'
import { type ClientCluster, clientNames, startClientCluster } from './client-cluster.ts'

let cluster: ClientCluster

beforeAll(async () => {
  cluster = await startClientCluster()
})

afterAll(() => cluster?.close())

describe.each(clientNames)('%s', { timeout: 60_000 }, (name) => {
  const client = () => cluster.clients[name]
  const prefix = name.replace(/\W/g, '')

  it('creates, grows and deletes topics', async () => {
    const topic = `${prefix}-grown`
    await client().createTopic(topic, { partitions: 2 })
    await expect(client().createTopic(topic)).rejects.toThrow()
    expect(await client().listTopics()).toContain(topic)
    expect(await client().countPartitions(topic)).toBe(2)
    await client().growTo(topic, 5)
    expect(await client().countPartitions(topic)).toBe(5)
    await expect(client().growTo(topic, 4)).rejects.toThrow()
    for (const partition of [0, 4]) await client().produce(topic, ['value'], { partition })
    expect(await client().latestOffset(topic, 4)).toBe(1)
    await client().deleteTopic(topic)
    expect(await client().listTopics()).not.toContain(topic)
    await client().createTopic(topic)
    expect(await client().countPartitions(topic)).toBe(1)
  })

  it('sets and changes configs, and is refused wrong ones', async () => {
    const topic = `${prefix}-configured`
    await client().createTopic(topic, { configs: { 'retention.ms': '60000' } })
    expect(await client().describeTopicConfig(topic, 'retention.ms')).toBe('60000')
    expect(await client().describeTopicConfig(topic, 'cleanup.policy')).toBe('delete')
    await client().alterTopicConfig(topic, 'retention.ms', '120000')
    expect(await client().describeTopicConfig(topic, 'retention.ms')).toBe('120000')
    await expect(client().alterTopicConfig(topic, 'retention.ms', 'long')).rejects.toThrow()
    await expect(client().createTopic(`${topic}-wrong`, { configs: { nonsense: '1' } })).rejects.toThrow()
    expect(await client().listTopics()).not.toContain(`${topic}-wrong`)
  })

  it('deletes records', async () => {
    const topic = `${prefix}-shortened`
    await client().createTopic(topic)
    await client().produce(topic, ['a', 'b', 'c', 'd'])
    await client().deleteRecordsBefore(topic, 0, 3)
    expect(await client().earliestOffset(topic, 0)).toBe(3)
    const member = await client().join(topic, topic)
    await waitFor('what is left', () => member.received.length > 0)
    await member.leave()
    expect(member.received.map(({ value }) => value)).toEqual(['d'])
  })
})

it('checks a topic without creating it', async () => {
  const admin = cluster.clients.kafkajs.kafka.admin()
  await admin.connect()
  const create = (numPartitions: number) =>
    admin.createTopics({
      validateOnly: true,
      waitForLeaders: false,
      topics: [{ topic: 'only-checked', numPartitions }],
    })
  expect(await create(3)).toBe(true)
  await expect(create(0)).rejects.toThrow()
  expect(await admin.listTopics()).not.toContain('only-checked')
  await admin.disconnect()
})

it('describes the cluster', async () => {
  const admin = cluster.clients.kafkajs.kafka.admin()
  await admin.connect()
  const { brokers, clusterId, controller } = await admin.describeCluster()
  await admin.disconnect()
  expect(brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]).toSorted()).toEqual(
    cluster.bootstrap.split(',').map((address, index) => [index + 1, address]),
  )
  expect(clusterId).toMatch(/^[\w-]{22}$/)
  expect([1, 2, 3]).toContain(controller)
})

it('tells what each broker keeps on its disk', async () => {
  const platformatic = cluster.clients['@platformatic/kafka']
  await platformatic.createTopic('kept-on-disk', { partitions: 2 })
  await platformatic.produce('kept-on-disk', ['x'.repeat(5_000)], { partition: 1 })
  const described = await platformatic.admin.describeLogDirs({
    topics: [{ name: 'kept-on-disk', partitions: [0, 1] }],
  })
  expect(described.map(({ broker }) => broker).toSorted()).toEqual([1, 2, 3])
  for (const { results } of described) {
    const sizes = results[0]?.topics[0]?.partitions.map(({ partitionSize }) => Number(partitionSize))
    expect(sizes?.toSorted((a, b) => a - b)).toEqual([0, expect.any(Number)])
    expect(Math.max(...(sizes ?? []))).toBeGreaterThan(5_000)
  }
})
