import { expect, it } from 'vitest'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import { listOffsets } from '../../../../broker/protocol/messages/02-list-offsets.ts'
import { produceTo } from '../../replication/replica-client.ts'
import { ReplicaCluster } from '../../replication/replica-cluster.ts'

async function startWithRecords() {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1]])
  const connection = await cluster.broker(1).connect()
  const now = Date.now()
  for (const ageMs of [3_000, 1_000, 2_000]) {
    await produceTo(connection, 'orders', [`${ageMs}`], { batch: { timestampMs: now - ageMs } })
  }
  const list = async (timestamp: number, version = 11, replicaId = -1) => {
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp }] }]
    const request = { replicaId, isolationLevel: 0, topics, timeoutMs: 1_000 }
    const response = await connection.send(listOffsets, version, request, { timeoutMs: 10_000 })
    return response.topics[0]?.partitions[0]
  }
  return { cluster, connection, list, now }
}

it('the special timestamps find the ends of the log and its youngest record', async () => {
  const { cluster, list, now } = await startWithRecords()
  expect(await list(-1)).toMatchObject({ errorCode: 0, offset: 3, timestamp: -1, leaderEpoch: 0 })
  expect(await list(-2)).toMatchObject({ errorCode: 0, offset: 0, timestamp: -1, leaderEpoch: 0 })
  expect(await list(-3)).toMatchObject({ errorCode: 0, offset: 1, timestamp: now - 1_000 })
  expect(await list(-4)).toMatchObject({ errorCode: 0, offset: 0 })
  expect(await list(-5)).toMatchObject({ errorCode: 0, offset: -1 })
  expect(await list(-6)).toMatchObject({ errorCode: 0, offset: -1 })
  await cluster.broker(1).replicas.partition('orders', 0)?.deleteRecordsBefore(2, 1_000)
  expect(await list(-2)).toMatchObject({ offset: 2 })
})

it('a time finds the first record that is as young, or nothing', async () => {
  const { list, now } = await startWithRecords()
  expect(await list(now - 3_000)).toMatchObject({ offset: 0, timestamp: now - 3_000 })
  expect(await list(now - 2_500)).toMatchObject({ offset: 1, timestamp: now - 1_000 })
  expect(await list(now)).toMatchObject({ errorCode: 0, offset: -1, timestamp: -1 })
})

it('timestamps that a version does not know are refused', async () => {
  const { list } = await startWithRecords()
  expect(await list(-3, 6)).toMatchObject({ errorCode: errorCodes.UNSUPPORTED_VERSION })
  expect(await list(-3, 7)).toMatchObject({ errorCode: errorCodes.NONE })
  expect(await list(-6, 10)).toMatchObject({ errorCode: errorCodes.UNSUPPORTED_VERSION })
  expect(await list(-7, 11)).toMatchObject({ errorCode: errorCodes.UNSUPPORTED_VERSION })
  for (let version = 1; version <= 11; version++) expect(await list(-1, version)).toMatchObject({ offset: 3 })
})

it('a partition asked for twice is an invalid request', async () => {
  const { connection } = await startWithRecords()
  const partition = { partitionIndex: 0, timestamp: -1 }
  const topics = [{ name: 'orders', partitions: [partition, partition] }]
  const request = { replicaId: -1, isolationLevel: 0, topics, timeoutMs: 1_000 }
  const response = await connection.send(listOffsets, 7, request, { timeoutMs: 10_000 })
  for (const { errorCode } of response.topics[0]?.partitions ?? []) expect(errorCode).toBe(errorCodes.INVALID_REQUEST)
})
