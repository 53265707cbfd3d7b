import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeConfigs } from '../../../broker/protocol/messages/32-describe-configs.ts'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'
import { ClusterClient } from './cluster-client.ts'
import { NumberedProducer } from './numbered-producer.ts'

const topic = 'kept'
const group = 'keepers'
const topicResource = 2
/** On a machine that does other things too. */
const timeoutMs = 60_000

let dataDirectory: string
let cluster: TestCluster
let client: ClusterClient

beforeEach(async () => {
  dataDirectory = await mkdtemp(path.join(tmpdir(), 'eyrie-restart-'))
  await start()
})

afterEach(async () => {
  client.close()
  await cluster.stop()
  await rm(dataDirectory, { recursive: true, force: true })
})

async function start(): Promise<void> {
  cluster = await startTestCluster({ dataDirectory })
  client = new ClusterClient(cluster.brokers)
}

/** With fewer in sync than min.insync.replicas the high watermark stands where it was written to disk last (KIP-966). */
function waitForReplicas(): Promise<void> {
  return client.waitForFullIsr(topic, timeoutMs)
}

async function commitWhenReady(offset: number): Promise<void> {
  await waitFor('the commit', () =>
    client.commit(group, topic, 1, offset).then(
      () => true,
      () => false,
    ),
  )
}

function committedOffset(): Promise<number> {
  return waitFor('the coordinator', () => client.committedOffset(group, topic, 1).catch(() => undefined))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

it('finds records, offsets, configs and ids again after a stop in good order', { timeout: 180_000 }, async () => {
  await client.createTopic(topic, { partitions: 3, configs: { 'retention.ms': '1234567' } })
  const values = Array.from({ length: 50 }, (_, n) => `value ${n}`)
  for (const index of [0, 1, 2]) await client.produce(topic, index, values)
  await commitWhenReady(37)
  const producer = await client.allocateProducer()

  client.close()
  await cluster.stop()
  await start()
  await waitForReplicas()

  for (const index of [0, 1, 2]) expect(await client.readAll(topic, index)).toEqual(values)
  expect(await committedOffset()).toBe(37)
  const { results } = await client.sendToAny(describeConfigs, 4, {
    resources: [{ resourceType: topicResource, resourceName: topic, configurationKeys: ['retention.ms'] }],
  })
  expect(results[0]?.configs[0]?.value).toBe('1234567')
  expect((await client.allocateProducer()).producerId).toBeGreaterThan(producer.producerId)
  expect(await client.produce(topic, 0, ['the next'])).toBe(values.length)
})

it('recovers all that was acknowledged when everything is killed, and leaves no process behind', {
  timeout: 240_000,
}, async () => {
  await client.createTopic(topic, { partitions: 2 })
  await commitWhenReady(11)
  const producers = [0, 1].map((index) => new NumberedProducer(client, { topic, index, isIdempotent: index === 0 }))
  await waitFor('records', () => producers.every(({ acknowledged }) => acknowledged > 300))

  // The brokers outlive their supervisor by as long as it takes them to stop: two are killed with it.
  const brokerPids = client.brokerIds.map((brokerId) => cluster.pidOf(brokerId))
  for (const pid of [cluster.supervisorPid, ...brokerPids.slice(0, 2)]) process.kill(pid, 'SIGKILL')
  const acknowledged = producers.map((producer) => producer.acknowledged)
  await waitFor('the brokers to end by themselves', () => !brokerPids.some(isAlive), { timeoutMs })
  for (const producer of producers) await producer.abandon()
  client.close()

  await start()
  await waitForReplicas()
  for (const { index, sent } of producers) {
    const written = await client.readAll(topic, index)
    const numbers = [...new Set(written.map(Number))]
    expect(numbers.length).toBeGreaterThanOrEqual(acknowledged[index] ?? 0)
    // In order and without a hole, up to what was under way.
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => n))
    expect(numbers.length).toBeLessThanOrEqual(sent)
    if (index === 0) expect(written).toHaveLength(numbers.length)
  }
  expect(await committedOffset()).toBe(11)
  expect(await client.produce(topic, 0, ['the next'])).toBeGreaterThan(0)
})
