import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs'
import { beforeAll, expect, test } from 'vitest'
import { type SecuredCluster, startSecuredCluster, superUser } from '../../support/secured-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'

let secured: SecuredCluster
let admin: Admin
let producer: Producer

beforeAll(async () => {
  secured = await startSecuredCluster({ brokers: 3 })
  const kafka = new Kafka({
    brokers: secured.saslTls.split(','),
    ssl: { ca: [secured.certificates.authority] },
    sasl: { mechanism: 'plain', ...superUser },
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 50, maxRetryTime: 500 },
  })
  admin = kafka.admin()
  producer = kafka.producer()
  await admin.connect()
  await producer.connect()
  return async () => {
    await producer.disconnect()
    await admin.disconnect()
    await secured.close()
  }
}, 60_000)

async function inSyncReplicas(topic: string): Promise<number[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  return topics.flatMap(({ partitions }) => partitions.map(({ isr }) => isr.length))
}

test('a secured cluster replicates over TLS and survives the loss of each of its brokers, the controller among them', {
  timeout: 120_000,
}, async () => {
  const topic = 'guarded'
  await admin.createTopics({ topics: [{ topic, numPartitions: 3, replicationFactor: 3 }] })
  const isWhole = async () => (await inSyncReplicas(topic).catch(() => [])).join() === '3,3,3'
  for (const brokerId of [1, 2, 3]) {
    await waitFor('all replicas are in sync', isWhole, { timeoutMs: 60_000 })
    secured.cluster.kill(brokerId)
    // One by one: kafkajs forgets a record whose partition moves to a broker that has already answered for another.
    for (const partition of [0, 1, 2]) {
      await producer.send({ topic, acks: -1, messages: [{ partition, value: `after ${brokerId}` }] })
    }
    const name = `made-after-${brokerId}`
    await admin.createTopics({ topics: [{ topic: name, numPartitions: 1, replicationFactor: 2 }] })
    expect(await admin.listTopics()).toContain(name)
  }
  await waitFor('all replicas are in sync again', isWhole, { timeoutMs: 60_000 })
  // The last leader learns from its followers that all of them have everything.
  await waitFor('everything that was acknowledged to be there', async () => {
    const offsets = await admin.fetchTopicOffsets(topic)
    return offsets.every(({ high }) => high === '3')
  })
})
