import { expect, it } from 'vitest'
import { rackAwareReplicaSelector } from '../../../../broker/metadata/broker-config.ts'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import { fetch } from '../../../../broker/protocol/messages/01-fetch.ts'
import { batchOf, fetchFrom, produceTo, valuesOf } from '../../replication/replica-client.ts'
import { ReplicaCluster, until } from '../../replication/replica-cluster.ts'

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

it('a follower serves consumers that know of racks, and no older ones', async () => {
  const cluster = await ReplicaCluster.start(2)
  await cluster.createTopic('orders', [[1, 2]])
  await produceTo(await cluster.broker(1).connect(), 'orders', ['a'])
  const connection = await cluster.broker(2).connect()
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 10_000 }]
  const request = { maxWaitMs: 10_000, minBytes: 1, topics: [{ topic: 'orders', partitions }], forgottenTopicsData: [] }
  const older = await connection.send(fetch, 10, request, { timeoutMs })
  expect(older.responses[0]?.partitions[0]?.errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER)
  // It waits until the follower has heard that the record is committed.
  const newer = await connection.send(fetch, 11, request, { timeoutMs })
  expect(valuesOf(newer.responses[0]?.partitions[0]?.records ?? null)).toEqual(['a'])
  expect((await fetchFrom(connection, 'orders', 1)).errorCode).toBe(errorCodes.NONE)
  expect((await fetchFrom(connection, 'orders', 2)).errorCode).toBe(errorCodes.OFFSET_OUT_OF_RANGE)
  expect((await fetchFrom(connection, 'orders', 0, { currentLeaderEpoch: 7 })).errorCode).toBe(
    errorCodes.UNKNOWN_LEADER_EPOCH,
  )
})

it('a broker without a replica sends consumers to the leader', async () => {
  const cluster = await ReplicaCluster.start(2)
  await cluster.createTopic('orders', [[1]])
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

it('a consumer is sent to the replica in sync in its own rack', async () => {
  const cluster = await ReplicaCluster.start(3, { 'replica.selector.class': rackAwareReplicaSelector })
  await cluster.createTopic('orders', [[1, 2, 3]])
  const connection = await cluster.broker(1).connect()
  await produceTo(connection, 'orders', ['a'])
  const leader = cluster.broker(1).replicas.partition('orders', 0)
  await until('all are in sync', () => leader?.asLeader?.followersWith(1).length === 2)
  const sentTo = async (rackId: string) => {
    const answer = await fetchFrom(connection, 'orders', 0, { rackId })
    return [answer.preferredReadReplica, valuesOf(answer.records)]
  }
  expect(await sentTo('rack-2')).toEqual([2, []])
  expect(await sentTo('rack-3')).toEqual([3, []])
  expect(await sentTo('rack-1')).toEqual([-1, ['a']])
  expect(await sentTo('rack-9')).toEqual([-1, ['a']])
  expect(await sentTo('')).toEqual([-1, ['a']])

  // The nearer replica hears of what is committed with the next answer, not half a second later.
  const toFollower = await cluster.broker(2).connect()
  const startedAtMs = performance.now()
  for (let offset = 1; offset <= 10; offset++) {
    await produceTo(connection, 'orders', [String(offset)])
    const answer = await fetchFrom(toFollower, 'orders', offset, { rackId: 'rack-2', maxWaitMs: 10_000 })
    expect(valuesOf(answer.records)).toEqual([String(offset)])
  }
  expect(performance.now() - startedAtMs).toBeLessThan(4_000)
  await cluster.kill(2)
  await until('broker 2 is gone', () => !cluster.broker(1).metadata.image.isUnfenced(2))
  expect(await sentTo('rack-2')).toEqual([-1, valuesOf((await fetchFrom(connection, 'orders', 0)).records)])
})

it('read_committed gets an empty list of aborted transactions, read_uncommitted none', async () => {
  const { connection } = await startWithRecords()
  expect((await fetchFrom(connection, 'orders', 0, { isolationLevel: 1 })).abortedTransactions).toEqual([])
  expect((await fetchFrom(connection, 'orders', 0, { isolationLevel: 0 })).abortedTransactions).toBeNull()
})
