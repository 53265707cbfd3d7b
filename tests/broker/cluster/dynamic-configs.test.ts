import { afterAll, beforeAll, expect, it } from 'vitest'
import { errorName } from '../../../broker/protocol/errors.ts'
import { describeConfigs } from '../../../broker/protocol/messages/32-describe-configs.ts'
import { incrementalAlterConfigs } from '../../../broker/protocol/messages/44-incremental-alter-configs.ts'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'
import { ClusterClient, RefusedError } from './cluster-client.ts'

const topic = 'sized'
const brokerResource = 4
const small = 'x'
const large = 'x'.repeat(5_000)

let cluster: TestCluster
let client: ClusterClient

beforeAll(async () => {
  cluster = await startTestCluster()
  client = new ClusterClient(cluster.brokers)
  // One partition led by each broker, and nowhere else.
  for (const brokerId of client.brokerIds) await client.createTopic(`${topic}-${brokerId}`, { replicas: [brokerId] })
})

afterAll(async () => {
  client?.close()
  await cluster?.stop()
})

/** `''` for all brokers; a null value takes the config away. */
async function alter(broker: string, name: string, value: string | null): Promise<void> {
  const configs = [{ name, configOperation: value === null ? 1 : 0, value }]
  const body = { resources: [{ resourceType: brokerResource, resourceName: broker, configs }], validateOnly: false }
  const { responses } = await client.sendToAny(incrementalAlterConfigs, 1, body)
  expect(responses.map(({ errorCode }) => errorName(errorCode))).toEqual(['NONE'])
}

async function produceToAll(value: string): Promise<void> {
  for (const brokerId of client.brokerIds) await client.produce(`${topic}-${brokerId}`, 0, [value], { acks: 1 })
}

/** Whether it went through; brokers that are starting refuse, or are not there. */
const isDone = [() => true, () => false] as const

/** The brokers that refuse a large record. */
async function refusing(): Promise<number[]> {
  const refused: number[] = []
  for (const brokerId of client.brokerIds) {
    try {
      await client.produce(`${topic}-${brokerId}`, 0, [large], { acks: 1 })
    } catch (error) {
      if (!(error instanceof RefusedError) || error.message !== 'MESSAGE_TOO_LARGE') throw error
      refused.push(brokerId)
    }
  }
  return refused
}

function waitUntilRefusedBy(...brokerIds: number[]): Promise<true> {
  return waitFor(
    `large records are refused by ${brokerIds.join() || 'nobody'}`,
    async () => (await refusing()).join() === brokerIds.join(),
    { timeoutMs: 60_000 },
  )
}

it('a dynamic config takes effect at once, of one broker before that of all', async () => {
  expect(await refusing()).toEqual([])
  await alter('', 'message.max.bytes', '1000')
  await waitUntilRefusedBy(1, 2, 3)
  await alter('2', 'message.max.bytes', '100000')
  await waitUntilRefusedBy(1, 3)
  await produceToAll(small)
})

it('and stays when every broker is killed', async () => {
  for (const brokerId of client.brokerIds) cluster.kill(brokerId)
  await waitFor('all lead again', () => produceToAll(small).then(...isDone), { timeoutMs: 60_000 })
  expect(await refusing()).toEqual([1, 3])
})

it('and goes when it is taken away', async () => {
  await alter('', 'message.max.bytes', null)
  await alter('2', 'message.max.bytes', null)
  await waitUntilRefusedBy()
})

it('a secret is told to nobody, by no broker', async () => {
  await alter('1', 'plugin.password', 'hidden')
  for (const brokerId of client.brokerIds) {
    const resources = [{ resourceType: brokerResource, resourceName: `${brokerId}`, configurationKeys: null }]
    const { results } = await client.send(brokerId, describeConfigs, 4, { resources, includeSynonyms: true })
    expect(JSON.stringify(results)).not.toContain('hidden')
    expect(results[0]?.configs.some(({ name, isSensitive }) => name === 'plugin.password' && isSensitive)).toBe(
      brokerId === 1,
    )
  }
})
