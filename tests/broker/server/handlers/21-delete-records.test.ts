import { expect, it } from 'vitest'
import type { BrokerConnection } from '../../../../broker/network/connection.ts'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import { deleteRecords } from '../../../../broker/protocol/messages/21-delete-records.ts'
import { produceTo } from '../../replication/replica-client.ts'
import { ReplicaCluster, until } from '../../replication/replica-cluster.ts'

async function deleteBefore(connection: BrokerConnection, topic: string, offset: number, timeoutMs = 10_000) {
  const topics = [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }]
  const response = await connection.send(deleteRecords, 2, { topics, timeoutMs }, { timeoutMs: 30_000 })
  return response.topics[0]?.partitions[0]
}

it('is answered when the followers have dropped the records too', async () => {
  // Longer than the test may take: the followers must not have to wait for their poll to end.
  const cluster = await ReplicaCluster.start(3, { 'replica.fetch.wait.max.ms': '25000' })
  await cluster.createTopic('orders', [[1, 2, 3]])
  const connection = await cluster.broker(1).connect()
  await produceTo(connection, 'orders', ['a', 'b', 'c'])
  expect(await deleteBefore(connection, 'orders', 2)).toMatchObject({ errorCode: 0, lowWatermark: 2 })
  for (const id of [1, 2, 3]) expect(cluster.broker(id).replicas.partition('orders', 0)?.logStartOffset).toBe(2)
  expect(await deleteBefore(connection, 'orders', -1)).toMatchObject({ errorCode: 0, lowWatermark: 3 })
})

it('does not wait for a broker that is gone', async () => {
  const cluster = await ReplicaCluster.start(2, { 'broker.disconnect.grace.ms': '20' })
  await cluster.createTopic('orders', [[1, 2]])
  const connection = await cluster.broker(1).connect()
  await produceTo(connection, 'orders', ['a'])
  await cluster.kill(2)
  await until('broker 2 is fenced', () => !cluster.broker(1).metadata.image.isUnfenced(2))
  expect(await deleteBefore(connection, 'orders', 1)).toMatchObject({ errorCode: 0, lowWatermark: 1 })
})

it('refuses offsets beyond the high watermark, compacted and internal topics', async () => {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1]])
  await cluster.createTopic('state', [[1]], { 'cleanup.policy': 'compact' })
  const connection = await cluster.broker(1).connect()
  const refused = { lowWatermark: -1 }
  expect(await deleteBefore(connection, 'orders', 1)).toMatchObject({
    ...refused,
    errorCode: errorCodes.OFFSET_OUT_OF_RANGE,
  })
  expect(await deleteBefore(connection, 'state', 0)).toMatchObject({
    ...refused,
    errorCode: errorCodes.POLICY_VIOLATION,
  })
  expect(await deleteBefore(connection, '__consumer_offsets', 0)).toMatchObject({
    ...refused,
    errorCode: errorCodes.INVALID_TOPIC_EXCEPTION,
  })
})
