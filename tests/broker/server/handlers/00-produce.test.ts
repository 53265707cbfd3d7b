import { expect, it } from 'vitest'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import { produce } from '../../../../broker/protocol/messages/00-produce.ts'
import { batchOf, fetchFrom, produceTo, readAllValues, valuesOf } from '../../replication/replica-client.ts'
import { ReplicaCluster } from '../../replication/replica-cluster.ts'

const timeoutMs = 30_000

it('every version appends and answers with the offset', async () => {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1]])
  const connection = await cluster.broker(1).connect()
  const topicId = cluster.broker(1).metadata.image.topics.get('orders')?.id
  for (let version = 3; version <= 13; version++) {
    const topicData = [{ name: 'orders', topicId, partitionData: [{ index: 0, records: batchOf([`v${version}`]) }] }]
    const response = await connection.send(produce, version, { acks: -1, timeoutMs, topicData }, { timeoutMs })
    expect(response.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: version - 3 })
  }
  expect(await readAllValues(connection, 'orders')).toHaveLength(11)
})

it('each partition has its own error, and the others are written', async () => {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1], [1]])
  const connection = await cluster.broker(1).connect()
  const damaged = batchOf(['damaged'])
  damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1)
  const response = await connection.send(
    produce,
    12,
    {
      acks: 1,
      timeoutMs,
      topicData: [
        {
          name: 'orders',
          partitionData: [
            { index: 0, records: damaged },
            { index: 1, records: batchOf(['good']) },
            { index: 2, records: batchOf(['no such partition']) },
          ],
        },
        { name: 'unknown', partitionData: [{ index: 0, records: batchOf(['a']) }] },
        { name: '__consumer_offsets', partitionData: [{ index: 0, records: batchOf(['a']) }] },
      ],
    },
    { timeoutMs },
  )
  const [orders, unknown, internal] = response.responses
  expect(orders?.partitionResponses).toMatchObject([
    { errorCode: errorCodes.CORRUPT_MESSAGE, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1 },
    { errorCode: errorCodes.NONE, baseOffset: 0, logStartOffset: 0 },
    { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, baseOffset: -1 },
  ])
  expect(orders?.partitionResponses[0]?.errorMessage).toMatch(/checksum/i)
  expect(unknown?.partitionResponses[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
  expect(internal?.partitionResponses[0]?.errorCode).toBe(errorCodes.INVALID_TOPIC_EXCEPTION)
})

it('an unknown topic id, odd acks, transactions and empty batches are refused', async () => {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1]])
  const connection = await cluster.broker(1).connect()
  const byUnknownId = await connection.send(
    produce,
    13,
    {
      acks: 1,
      timeoutMs,
      topicData: [{ topicId: 'BAAAAAAAAAAAAAAAAAAAAA', partitionData: [{ index: 0, records: batchOf(['a']) }] }],
    },
    { timeoutMs },
  )
  expect(byUnknownId.responses[0]?.partitionResponses[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_ID)
  expect((await produceTo(connection, 'orders', ['a'], { acks: 2 })).errorCode).toBe(errorCodes.INVALID_REQUIRED_ACKS)
  const transactional = await produceTo(connection, 'orders', ['a'], {
    batch: { isTransactional: true, producerId: 1, producerEpoch: 0, baseSequence: 0 },
  })
  expect(transactional.errorCode).toBe(errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
  for (const records of [null, Buffer.alloc(0), Buffer.alloc(30)]) {
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }]
    const response = await connection.send(produce, 12, { acks: 1, timeoutMs, topicData }, { timeoutMs })
    expect(response.responses[0]?.partitionResponses[0]?.errorCode).not.toBe(errorCodes.NONE)
  }
  expect(await readAllValues(connection, 'orders')).toEqual([])
})

it('acks=0 is not answered, and an error closes the connection', async () => {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1]])
  const connection = await cluster.broker(1).connect()
  const send = (name: string) => {
    const topicData = [{ name, partitionData: [{ index: 0, records: batchOf(['a']) }] }]
    return connection.send(produce, 9, { acks: 0, timeoutMs, topicData }, { timeoutMs })
  }
  const unanswered = send('orders').catch((error: unknown) => error)
  const reader = await cluster.broker(1).connect()
  const polled = await fetchFrom(reader, 'orders', 0, { maxWaitMs: 10_000 })
  expect(valuesOf(polled.records)).toEqual(['a'])
  const refused = send('unknown').catch((error: unknown) => error)
  await connection.closed
  expect(await unanswered).toBeInstanceOf(Error)
  expect(await refused).toBeInstanceOf(Error)
  expect(cluster.failures).toEqual([])
})

it('a broker that does not lead names the leader and where it is', async () => {
  const cluster = await ReplicaCluster.start(2)
  await cluster.createTopic('orders', [[1, 2]])
  const connection = await cluster.broker(2).connect()
  const topicData = [{ name: 'orders', partitionData: [{ index: 0, records: batchOf(['a']) }] }]
  const response = await connection.send(produce, 12, { acks: 1, timeoutMs, topicData }, { timeoutMs })
  expect(response.responses[0]?.partitionResponses[0]).toMatchObject({
    errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER,
    currentLeader: { leaderId: 1, leaderEpoch: 0 },
  })
  expect(response.nodeEndpoints).toMatchObject([{ nodeId: 1, host: '127.0.0.1', port: cluster.broker(1).port }])
})

it('a batch sent again by an idempotent producer gets its first offsets', async () => {
  const cluster = await ReplicaCluster.start(2)
  await cluster.createTopic('orders', [[1, 2]], { 'min.insync.replicas': '2' })
  const connection = await cluster.broker(1).connect()
  const batch = { producerId: 7, producerEpoch: 0, baseSequence: 0 }
  const first = await produceTo(connection, 'orders', ['a', 'b'], { batch })
  const again = await produceTo(connection, 'orders', ['a', 'b'], { batch })
  const gap = await produceTo(connection, 'orders', ['d'], { batch: { ...batch, baseSequence: 9 } })
  expect(again).toMatchObject({ errorCode: 0, baseOffset: first.baseOffset })
  expect(gap.errorCode).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER)
  expect(await readAllValues(connection, 'orders')).toEqual(['a', 'b'])
})
