import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'
import { ClusterClient } from './cluster-client.ts'
import { NumberedProducer } from './numbered-producer.ts'

/** Aimed at 1 s; Apache Kafka takes 11.2 s. Measured: 0.3 s, 0.6 s with 20 processes waiting for two cores. */
const gapMsMax = 2_000
const topic = 'numbers'
const partitions = 4

let cluster: TestCluster
let client: ClusterClient

beforeAll(async () => {
  cluster = await startTestCluster()
  client = new ClusterClient(cluster.brokers)
  await client.createTopic(topic, { partitions })
  await client.waitForFullIsr(topic)
})

afterAll(async () => {
  client?.close()
  await cluster?.stop()
})

/** Resolves once everyone has been acknowledged again since the call. */
async function waitForProgress(producers: readonly NumberedProducer[]): Promise<void> {
  const before = producers.map(({ acknowledged }) => acknowledged)
  await waitFor(
    'every partition to be written to',
    () => producers.every((producer, i) => producer.acknowledged > (before[i] ?? 0) + 30),
    { timeoutMs: 30_000 },
  )
}

it('loses, reorders and repeats nothing that was acknowledged while brokers are killed', {
  timeout: 120_000,
}, async () => {
  const producers = Array.from({ length: partitions }, (_, index) => {
    return new NumberedProducer(client, { topic, index, isIdempotent: index % 2 === 0 })
  })
  await waitForProgress(producers)

  const victims = {
    'a leader': async () => [(await client.requirePartition(topic, 0)).leaderId],
    'the controller': async () => [await client.controllerId()],
    'a leader and the controller': async () => {
      const controllerId = await client.controllerId()
      const leaders = (await client.describeTopic(topic)).map(({ leaderId }) => leaderId)
      return [controllerId, ...leaders.filter((leaderId) => leaderId !== controllerId).slice(0, 1)]
    },
    everyone: async () => client.brokerIds,
  }
  for (const [name, choose] of Object.entries(victims)) {
    await client.waitForFullIsr(topic)
    for (const producer of producers) producer.forgetGaps()
    const killed = await choose()
    for (const brokerId of killed) cluster.kill(brokerId)
    await waitForProgress(producers)
    const longestGapMs = Math.max(...producers.map((producer) => producer.longestGapMs))
    // With fewer than min.insync.replicas left nothing may be acknowledged until a broker is back.
    if (killed.length === 1) expect(longestGapMs, name).toBeLessThan(gapMsMax)
  }

  for (const producer of producers) await producer.stop()
  for (const { index, isIdempotent, acknowledged } of producers) {
    const sent = Array.from({ length: acknowledged }, (_, n) => String(n))
    const written = await client.readAll(topic, index)
    expect(isIdempotent ? written : withoutRepeats(written)).toEqual(sent)
  }
})

/** What is left when each batch that was written again, because its answer was lost, is taken once. */
function withoutRepeats(values: readonly string[]): string[] {
  const kept: string[] = []
  for (const value of values) {
    if (Number(value) >= kept.length) kept.push(value)
  }
  return kept
}

it('keeps committed offsets when the coordinator is killed', { timeout: 60_000 }, async () => {
  await client.waitForFullIsr(topic)
  const groups = Array.from({ length: 6 }, (_, i) => `readers-${i}`)
  for (const [i, group] of groups.entries()) {
    await waitFor('the commit', () =>
      client.commit(group, topic, 0, 10 + i).then(
        () => true,
        () => false,
      ),
    )
  }
  await client.waitForFullIsr('__consumer_offsets')
  const coordinator = await client.coordinatorOf('readers-0')
  cluster.kill(coordinator)
  for (const [i, group] of groups.entries()) {
    const committed = await waitFor('another coordinator', () =>
      client.committedOffset(group, topic, 0).catch(() => undefined),
    )
    expect(committed).toBe(10 + i)
  }
  expect(await client.coordinatorOf('readers-0')).not.toBe(coordinator)
})
