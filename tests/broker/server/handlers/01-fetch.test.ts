import { expect, it } from 'vitest'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import { fetch } from '../../../../broker/protocol/messages/01-fetch.ts'
import { batchOf, fetchFrom, produceTo, valuesOf } from '../../replication/replica-client.ts'
import { ReplicaCluster } from '../../replication/replica-cluster.ts'

const timeoutMs = 30_000

async function startWithRecords() {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1], [1]])
  const connection = await cluster.broker(1).connect()
  await produceTo(connection, 'orders', ['a', 'b', 'c'])
  await produceTo(connection, 'orders', ['d'])
  return { cluster, connection }
}

it('every version reads the records, by name or by id', async () => {
  const { cluster, connection } = await startWithRecords()
  const topicId = cluster.broker(1).metadata.image.topics.get('orders')?.id
  for (let version = 4; version <= 18; version++) {
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 10_000 }]
    const request = { maxWaitMs: 0, minBytes: 1, topics: [{ topic: 'orders', topicId, partitions }] }
    const response = await connection.send(fetch, version, { ...request, forgottenTopicsData: [] }, { timeoutMs })
    const [partition] = response.responses[0]?.partitions ?? []
    expect(partition).toMatchObject({ errorCode: 0, highWatermark: 4, lastStableOffset: 4 })
    expect(valuesOf(partition?.records ?? null)).toEqual(['a', 'b', 'c', 'd'])
    expect(response.sessionId).toBe(0)
  }
})

it('an offset inside a batch is answered with the whole batch', async () => {
  const { connection } = await startWithRecords()
  expect(valuesOf((await fetchFrom(connection, 'orders', 1)).records)).toEqual(['a', 'b', 'c', 'd'])
  expect(valuesOf((await fetchFrom(connection, 'orders', 3)).records)).toEqual(['d'])
})

it('the first batch is given whatever its size, and then the limit holds', async () => {
  const { connection } = await startWithRecords()
  expect(valuesOf((await fetchFrom(connection, 'orders', 0, { bytesMax: 1 })).records)).toEqual(['a', 'b', 'c'])
})

it('the end of the log is empty, behind it and before its start is out of range', async () => {
  const { cluster, connection } = await startWithRecords()
  expect(await fetchFrom(connection, 'orders', 4)).toMatchObject({ errorCode: errorCodes.NONE, highWatermark: 4 })
  expect((await fetchFrom(connection, 'orders', 5)).errorCode).toBe(errorCodes.OFFSET_OUT_OF_RANGE)
  await cluster.broker(1).replicas.partition('orders', 0)?.deleteRecordsBefore(3, 1_000)
  expect((await fetchFrom(connection, 'orders', 1)).errorCode).toBe(errorCodes.OFFSET_OUT_OF_RANGE)
  expect((await fetchFrom(connection, 'orders', 3)).logStartOffset).toBe(3)
})

it('unknown topics, ids and partitions are told apart', async () => {
  const { connection } = await startWithRecords()
  expect((await fetchFrom(connection, 'nothing', 0)).errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 10_000 }]
  const topics = [{ topicId: 'BAAAAAAAAAAAAAAAAAAAAA', partitions }]
  const request = { maxWaitMs: 10_000, minBytes: 1, topics, forgottenTopicsData: [] }
  const response = await connection.send(fetch, 13, request, { timeoutMs })
  expect(response.responses[0]?.partitions[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_ID)
})

it('leader epochs are fenced, and a log that parted from ours is told where', async () => {
  const { connection } = await startWithRecords()
  const epochOf = async (currentLeaderEpoch: number) =>
    (await fetchFrom(connection, 'orders', 0, { currentLeaderEpoch })).errorCode
  expect(await epochOf(0)).toBe(errorCodes.NONE)
  expect(await epochOf(1)).toBe(errorCodes.UNKNOWN_LEADER_EPOCH)
  const ahead = await fetchFrom(connection, 'orders', 9, { lastFetchedEpoch: 0 })
  expect(ahead).toMatchObject({ errorCode: errorCodes.NONE, divergingEpoch: { epoch: 0, endOffset: 4 } })
})

it('a poll waits for its minimum of bytes or its time', async () => {
  const { cluster, connection } = await startWithRecords()
  const producer = await cluster.broker(1).connect()
  const bytes = batchOf(['e']).length
  const polled = fetchFrom(connection, 'orders', 4, { maxWaitMs: 20_000, minBytes: 2 * bytes })
  await produceTo(producer, 'orders', ['e'])
  await produceTo(producer, 'orders', ['f'])
  expect(valuesOf((await polled).records)).toEqual(['e', 'f'])
  const startedMs = performance.now()
  const late = await fetchFrom(connection, 'orders', 6, { maxWaitMs: 60 })
  expect(valuesOf(late.records)).toEqual([])
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(55)
})

it('a replica that does not lead sends consumers to the leader', async () => {
  const cluster = await ReplicaCluster.start(2)
  await cluster.createTopic('orders', [[1, 2]])
  const connection = await cluster.broker(2).connect()
  const topicId = cluster.broker(2).metadata.image.topics.get('orders')?.id
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 10_000 }]
  const request = { maxWaitMs: 10_000, minBytes: 1, topics: [{ topicId, partitions }], forgottenTopicsData: [] }
  const response = await connection.send(fetch, 16, request, { timeoutMs })
  expect(response.responses[0]?.partitions[0]).toMatchObject({
    errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER,
    currentLeader: { leaderId: 1, leaderEpoch: 0 },
  })
  expect(response.nodeEndpoints).toMatchObject([{ nodeId: 1, port: cluster.broker(1).port }])
})

it('read_committed gets an empty list of aborted transactions, read_uncommitted none', async () => {
  const { connection } = await startWithRecords()
  expect((await fetchFrom(connection, 'orders', 0, { isolationLevel: 1 })).abortedTransactions).toEqual([])
  expect((await fetchFrom(connection, 'orders', 0, { isolationLevel: 0 })).abortedTransactions).toBeNull()
})
