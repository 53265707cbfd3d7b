import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Consumer, stringDeserializers } from '@platformatic/kafka'
import { CompressionTypes, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BrokerConnection } from '../../../broker/network/connection.ts'
import { offsetCommit } from '../../../broker/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../broker/protocol/messages/09-offset-fetch.ts'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'

const properties = {
  'log.cleaner.backoff.ms': '100',
  'offsets.topic.num.partitions': '1',
  'offsets.topic.segment.bytes': '1048576',
  'group.initial.rebalance.delay.ms': '0',
}

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster({ brokers: 1, properties })
})

afterAll(() => cluster.stop())

async function logBytes(folder: string): Promise<number> {
  const directory = join(cluster.dataDirectory, 'broker-1', folder)
  const names = (await readdir(directory)).filter((name) => name.endsWith('.log'))
  const sizes = await Promise.all(names.map((name) => stat(join(directory, name)).catch(() => undefined)))
  return sizes.reduce((sum, size) => sum + (size?.size ?? 0), 0)
}

it('clients read the latest value of each key from a topic that was cleaned', { timeout: 120_000 }, async () => {
  const kafka = new Kafka({ brokers: [cluster.bootstrap], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const configs = { 'cleanup.policy': 'compact', 'segment.bytes': '1048576', 'min.cleanable.dirty.ratio': '0.01' }
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: 'prices', numPartitions: 1, configEntries }] })
  const producer = kafka.producer()
  await producer.connect()
  const latest = new Map<string, string>()
  for (let round = 0; round < 60; round++) {
    const messages = Array.from({ length: 100 }, (_, i) => {
      const key = `sku-${i}`
      // Random digits, which gzip cannot make small.
      const value = `${round}:${Array.from({ length: 80 }, () => Math.random()).join('')}`
      latest.set(key, value)
      return { key, value }
    })
    await producer.send({
      topic: 'prices',
      compression: round % 2 === 0 ? CompressionTypes.GZIP : CompressionTypes.None,
      messages,
    })
  }
  await producer.disconnect()
  await waitFor('all but the last segment are cleaned', async () => (await logBytes('prices-0')) < 2_000_000)

  const read = async (values: Map<string, string>, key: string | undefined, value: string | undefined) => {
    values.set(key ?? '', value ?? '')
  }
  const isComplete = (values: Map<string, string>) => [...latest].every(([key, value]) => values.get(key) === value)

  const byKafkajs = new Map<string, string>()
  let countByKafkajs = 0
  const consumer = kafka.consumer({ groupId: 'kafkajs' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['prices'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      countByKafkajs++
      await read(byKafkajs, message.key?.toString(), message.value?.toString())
    },
  })
  await waitFor('kafkajs has read to the end', async () => isComplete(byKafkajs))
  await consumer.disconnect()
  expect(countByKafkajs).toBeLessThan(3000)

  const byPlatformatic = new Map<string, string>()
  const other = new Consumer({
    clientId: 'platformatic',
    groupId: 'platformatic',
    bootstrapBrokers: [cluster.bootstrap],
    deserializers: stringDeserializers,
  })
  const stream = await other.consume({ topics: ['prices'], mode: 'earliest', sessionTimeout: 10_000 })
  for await (const message of stream) {
    await read(byPlatformatic, message.key, message.value)
    if (isComplete(byPlatformatic)) break
  }
  expect(byPlatformatic).toEqual(latest)
  await other.close(true)
  await admin.disconnect()
})

it('a group that commits for long leaves little to load', { timeout: 180_000 }, async () => {
  const admin = new Kafka({ brokers: [cluster.bootstrap], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: 'parcels', numPartitions: 20 }] })
  // Makes the broker create the topic of committed offsets.
  await admin.fetchOffsets({ groupId: 'tireless', topics: ['parcels'] })
  await admin.disconnect()
  const [host = '', port = ''] = cluster.bootstrap.split(':')
  const connection = await BrokerConnection.connect({ host, port: Number(port), clientId: 'committer' })
  const timeout = { timeoutMs: 30_000 }
  const member = { groupId: 'tireless', generationIdOrMemberEpoch: -1, memberId: '', groupInstanceId: null }
  const commit = (committedOffset: number) => {
    const partitions = Array.from({ length: 20 }, (_, partitionIndex) => {
      return { partitionIndex, committedOffset, committedMetadata: 'a worker of the eleventh floor' }
    })
    return connection.send(offsetCommit, 7, { ...member, topics: [{ name: 'parcels', partitions }] }, timeout)
  }
  await waitFor('the coordinator is loaded', async () => {
    const { topics } = await commit(0)
    return topics[0]?.partitions[0]?.errorCode === 0
  })
  const rounds = 2000
  for (let round = 1; round <= rounds; round += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, i) => commit(round + i)))
  }
  // 20 keys in 2,000 rounds are 4 MB and more; what is left are the last segment and one of a few kilobytes.
  await waitFor('only the last segment is large', async () => (await logBytes('__consumer_offsets-0')) < 1_200_000, {
    timeoutMs: 60_000,
  })
  const asked = [{ name: 'parcels', partitionIndexes: [0, 19] }]
  const fetched = await connection.send(offsetFetch, 5, { groupId: 'tireless', topics: asked }, timeout)
  expect(fetched.topics[0]?.partitions.map(({ committedOffset }) => committedOffset)).toEqual([rounds, rounds])
  await connection.close()
})
