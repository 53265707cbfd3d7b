import { afterAll, beforeAll, expect, it } from 'vitest'
import { errorName } from '../../../broker/protocol/errors.ts'
import { alterPartitionReassignments } from '../../../broker/protocol/messages/45-alter-partition-reassignments.ts'
import { describeCluster } from '../../../broker/protocol/messages/60-describe-cluster.ts'
import { unregisterBroker } from '../../../broker/protocol/messages/64-unregister-broker.ts'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'
import { ClusterClient } from './cluster-client.ts'

const topic = 'moved'
const values = Array.from({ length: 200 }, (_, index) => `record ${index}`)
const patience = { timeoutMs: 60_000 }

let cluster: TestCluster
let client: ClusterClient

beforeAll(async () => {
  // So that the first replica leads soon.
  const properties = { 'leader.imbalance.check.interval.seconds': '1' }
  cluster = await startTestCluster({ brokers: 3, spareBrokers: 1, racks: ['a', 'b'], properties })
  client = new ClusterClient(cluster.brokers)
  await client.createTopic(topic, { replicas: [1, 2, 3] })
  await client.produce(topic, 0, values)
})

afterAll(async () => {
  client?.close()
  await cluster?.stop()
})

async function listBrokers({ includeFencedBrokers = false } = {}): Promise<string> {
  const body = { includeClusterAuthorizedOperations: false, includeFencedBrokers }
  const { brokers } = await client.sendToAny(describeCluster, 2, body)
  return brokers
    .map(({ brokerId }) => brokerId)
    .toSorted()
    .join()
}

async function moveTo(replicas: readonly number[]): Promise<void> {
  const body = { topics: [{ name: topic, partitions: [{ partitionIndex: 0, replicas }] }], timeoutMs: 30_000 }
  const { responses } = await client.sendToAny(alterPartitionReassignments, 0, body)
  expect(errorName(responses[0]?.partitions[0]?.errorCode ?? -1)).toBe('NONE')
  await waitFor(
    `the replicas are ${replicas}`,
    async () => (await client.requirePartition(topic, 0)).replicaNodes.join() === replicas.join(),
    patience,
  )
}

it('brokers are in the racks they were given, in turn', async () => {
  const { brokers } = await client.sendToAny(describeCluster, 1, { includeClusterAuthorizedOperations: false })
  expect(brokers.map(({ brokerId, rack }) => `${brokerId} ${rack}`).toSorted()).toEqual(['1 a', '2 b', '3 a'])
})

it('a broker is added to a cluster that goes on, takes partitions, and is removed again', async () => {
  const added = await cluster.startSpareBrokers()
  const withAdded = new ClusterClient([...cluster.brokers, ...added.brokers])
  client.close()
  client = withAdded
  await waitFor('four brokers serve', async () => (await listBrokers()) === '1,2,3,4', patience)

  await moveTo([4, 1, 2])
  await waitFor('the new broker leads', async () => (await client.requirePartition(topic, 0)).leaderId === 4, patience)
  expect(await client.readAll(topic, 0)).toEqual(values)

  await moveTo([1, 2, 3])
  await added.stop()
  await waitFor('three brokers serve', async () => (await listBrokers()) === '1,2,3', patience)
  const { errorCode } = await client.sendToAny(unregisterBroker, 0, { brokerId: 4 })
  expect(errorName(errorCode)).toBe('NONE')
  const all = { includeFencedBrokers: true }
  await waitFor('the fourth is forgotten', async () => (await listBrokers(all)) === '1,2,3', patience)
  expect(await client.readAll(topic, 0)).toEqual(values)
})
