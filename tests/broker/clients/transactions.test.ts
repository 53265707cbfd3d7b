import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import type { Kafka, Producer as KafkajsProducer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../../support/wait-for.ts'
import { type ClientCluster, startClientCluster } from './client-cluster.ts'

let cluster: ClientCluster
let kafka: Kafka

beforeAll(async () => {
  cluster = await startClientCluster()
  kafka = cluster.clients.kafkajs.kafka
})

afterAll(() => cluster?.close())

/** What a consumer sees that is as far as the partition's last record is visible, which `last` must be. */
async function readCommitted(topic: string, last: string): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: `readers-of-${topic}`, maxWaitTimeInMs: 100, readUncommitted: false })
  const values: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      values.push(message.value?.toString() ?? '')
    },
  })
  await waitFor(`${last} to be read`, () => values.includes(last), { timeoutMs: 30_000 })
  await consumer.disconnect()
  return values
}

async function openTransactional(transactionalId: string): Promise<KafkajsProducer> {
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  return producer
}

describe('kafkajs', () => {
  it('shows what a transaction committed and hides what it aborted', { timeout: 60_000 }, async () => {
    await cluster.clients.kafkajs.createTopic('outcomes', { partitions: 1 })
    await cluster.clients.kafkajs.createTopic('outcomes-too', { partitions: 1 })
    const producer = await openTransactional('outcomes')
    for (const [value, isCommit] of [
      ['first', true],
      ['never', false],
      ['never again', false],
      ['last', true],
    ] as const) {
      const transaction = await producer.transaction()
      await transaction.send({ topic: 'outcomes', messages: [{ value }] })
      await transaction.send({ topic: 'outcomes-too', messages: [{ value }] })
      await (isCommit ? transaction.commit() : transaction.abort())
    }
    await producer.disconnect()
    expect(await readCommitted('outcomes', 'last')).toEqual(['first', 'last'])
    expect(await readCommitted('outcomes-too', 'last')).toEqual(['first', 'last'])
  })

  it('commits offsets with the records, or neither', { timeout: 60_000 }, async () => {
    await cluster.clients.kafkajs.createTopic('source', { partitions: 1 })
    const producer = await openTransactional('offsets')
    const sendOffsets = async (offset: string, isCommit: boolean) => {
      const transaction = await producer.transaction()
      const topics = [{ topic: 'source', partitions: [{ partition: 0, offset }] }]
      await transaction.sendOffsets({ consumerGroupId: 'copiers', topics })
      await (isCommit ? transaction.commit() : transaction.abort())
    }
    const { committedOffset } = cluster.clients.kafkajs
    await sendOffsets('5', true)
    await waitFor('the offset', async () => (await committedOffset('copiers', 'source', 0)) === 5)
    await sendOffsets('9', false)
    await sendOffsets('7', true)
    await waitFor('the next offset', async () => (await committedOffset('copiers', 'source', 0)) === 7)
    await producer.disconnect()
  })

  it('fences a producer whose transactional id another one took', { timeout: 60_000 }, async () => {
    await cluster.clients.kafkajs.createTopic('fenced', { partitions: 1 })
    const first = await openTransactional('fenced')
    const transaction = await first.transaction()
    await transaction.send({ topic: 'fenced', messages: [{ value: 'of the first' }] })
    const second = await openTransactional('fenced')
    const later = await second.transaction()
    await later.send({ topic: 'fenced', messages: [{ value: 'of the second' }] })
    await expect(transaction.commit()).rejects.toThrow(/epoch|fenced/i)
    await later.commit()
    expect(await readCommitted('fenced', 'of the second')).toEqual(['of the second'])
    await first.disconnect()
    await second.disconnect()
  })
})

describe('@platformatic/kafka', () => {
  it('commits and aborts records with offsets', { timeout: 60_000 }, async () => {
    const { createTopic, produce } = cluster.clients['@platformatic/kafka']
    await createTopic('copied', { partitions: 1 })
    await createTopic('copies', { partitions: 1 })
    await produce('copied', ['a', 'b', 'c'])
    const base = {
      clientId: 'platformatic',
      bootstrapBrokers: cluster.bootstrap.split(','),
      retries: 20,
      retryDelay: 50,
    }
    const consumer = new Consumer({ ...base, groupId: 'platformatic-copiers', deserializers: stringDeserializers })
    const producer = new Producer({
      ...base,
      serializers: stringSerializers,
      transactionalId: 'copier',
      idempotent: true,
    })
    const stream = await consumer.consume({ topics: ['copied'], mode: 'earliest', autocommit: false, maxWaitTime: 100 })
    for await (const message of stream) {
      const isAborted = message.value === 'b'
      const transaction = await producer.beginTransaction()
      await transaction.addConsumer(consumer)
      await transaction.send({ messages: [{ topic: 'copies', value: message.value }] })
      await transaction.addOffset(message)
      await (isAborted ? transaction.abort() : transaction.commit())
      if (message.value === 'c') break
    }
    await consumer.close(true)
    await producer.close()
    expect(await readCommitted('copies', 'c')).toEqual(['a', 'c'])
    const { committedOffset } = cluster.clients.kafkajs
    await waitFor('the offset', async () => (await committedOffset('platformatic-copiers', 'copied', 0)) === 3)
  })
})
