import { afterAll, beforeAll, expect, it } from 'vitest'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { describeTransactions } from '../../../broker/protocol/messages/65-describe-transactions.ts'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'
import { ClusterClient, RefusedError } from './cluster-client.ts'
import { ExactlyOnceCopier } from './exactly-once-copier.ts'
import { readCommitted } from './read-committed.ts'
import { TransactionalProducer } from './transactional-producer.ts'

const input = 'input'
const output = 'output'
const outputPartitions = 2
/** Before each kill: enough to be at it when the kill comes. */
const recordsFed = 100

let cluster: TestCluster
let client: ClusterClient

beforeAll(async () => {
  cluster = await startTestCluster({
    properties: { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500' },
  })
  client = new ClusterClient(cluster.brokers)
})

afterAll(async () => {
  client?.close()
  await cluster?.stop()
})

async function statusOf(transactionalId: string): Promise<string | undefined> {
  const coordinator = await client.coordinatorOf(transactionalId, 'transactional id')
  const answer = await client.send(coordinator, describeTransactions, 0, { transactionalIds: [transactionalId] })
  return answer.transactionStates[0]?.transactionState
}

it('copies each record once while brokers are killed', { timeout: 240_000 }, async () => {
  await client.createTopic(input, { partitions: 2 })
  await client.createTopic(output, { partitions: outputPartitions })
  await client.waitForFullIsr(output)
  const values = (index: number, count: number) => Array.from({ length: count }, (_, i) => `${index}-${i}`)
  const feeder = await TransactionalProducer.init(client, 'feeder')
  let fed = 0
  const feed = async () => {
    for (const index of [0, 1]) await feeder.write(input, index, values(index, fed + recordsFed).slice(fed))
    await feeder.end(true)
    fed += recordsFed
  }
  // One as before KIP-890, one with it.
  const copiers = ([0, 2] as const).map((version, index) => {
    const to = { topic: output, partitions: outputPartitions }
    return new ExactlyOnceCopier(client, { from: { topic: input, index }, to, group: `${input}-${index}`, version })
  })
  const victims = [
    async () => [(await client.requirePartition(output, 0)).leaderId],
    async () => [await client.coordinatorOf(`${input}-0`, 'transactional id')],
    async () => [await client.coordinatorOf(`${input}-1`)],
    async () => [await client.controllerId()],
    async () => client.brokerIds,
  ]
  for (const choose of victims) {
    await feed()
    const before = copiers.map(({ committed }) => committed)
    const goesOn = () => copiers.every(({ committed }, i) => committed > (before[i] ?? 0) + 2)
    await waitFor('both copiers to go on', goesOn, { timeoutMs: 90_000 })
    for (const brokerId of await waitFor('a victim', () => choose().catch(() => undefined))) cluster.kill(brokerId)
    await client.waitForFullIsr(output, 60_000)
  }
  await feed()
  const ends = await Promise.all([0, 1].map((index) => client.endOffset(input, index)))
  await Promise.all(copiers.map((copier, index) => copier.finish(ends[index] ?? 0)))

  const copied: string[] = []
  for (let index = 0; index < outputPartitions; index++) copied.push(...(await readCommitted(client, output, index)))
  expect(copied.toSorted()).toEqual([...values(0, fed), ...values(1, fed)].toSorted())
})

it.each([
  [0, errorCodes.PRODUCER_FENCED],
  // With an epoch for each transaction this is a late commit of one that was aborted.
  [2, errorCodes.INVALID_TXN_STATE],
] as const)(
  'aborts a transaction of version %i that is open for too long',
  { timeout: 60_000 },
  async (version, refusal) => {
    const topic = `abandoned-${version}`
    await client.createTopic(topic)
    const producer = await TransactionalProducer.init(client, topic, { version, timeoutMs: 1_000 })
    if (version < 2) await producer.add(topic, 0)
    await producer.write(topic, 0, ['never'])
    expect(await statusOf(topic)).toBe('Ongoing')
    await client.produce(topic, 0, ['behind it'])
    await waitFor('the abort', async () => (await statusOf(topic)) === 'CompleteAbort', { timeoutMs: 30_000 })
    expect(await readCommitted(client, topic, 0)).toEqual(['behind it'])
    await expect(producer.end(true)).rejects.toMatchObject({ errorCode: refusal })
  },
)

it('shows no offset that is certain while a transaction may still change it', { timeout: 60_000 }, async () => {
  await client.createTopic('read')
  const producer = await TransactionalProducer.init(client, 'pending')
  await producer.commitOffset('pending', 'read', 0, 5)
  const stable = () => client.committedOffset('pending', 'read', 0, { isStable: true })
  await expect(stable()).rejects.toMatchObject({ errorCode: errorCodes.UNSTABLE_OFFSET_COMMIT })
  expect(await client.committedOffset('pending', 'read', 0)).toBe(-1)
  cluster.kill(await client.coordinatorOf('pending'))
  const isUnstable = (error: unknown) =>
    error instanceof RefusedError && error.errorCode === errorCodes.UNSTABLE_OFFSET_COMMIT
  await waitFor('another coordinator to know of it', () => stable().then(() => false, isUnstable), {
    timeoutMs: 30_000,
  })
  await producer.end(true)
  expect(await waitFor('the marker', () => stable().catch(() => undefined), { timeoutMs: 30_000 })).toBe(5)
})
