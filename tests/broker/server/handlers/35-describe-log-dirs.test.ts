import { expect, it } from 'vitest'
import { describeLogDirs } from '../../../../broker/protocol/messages/35-describe-log-dirs.ts'
import { produceTo } from '../../replication/replica-client.ts'
import { ReplicaCluster } from '../../replication/replica-cluster.ts'

it('every version tells the size of each partition, and newer ones how full the disk is', async () => {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1], [1]])
  const connection = await cluster.broker(1).connect()
  await produceTo(connection, 'orders', ['a', 'b'])
  for (let version = 1; version <= 5; version++) {
    const response = await connection.send(describeLogDirs, version, { topics: null }, { timeoutMs: 10_000 })
    const [directory] = response.results
    expect(directory?.logDir).toBe(cluster.broker(1).logs.path)
    const [orders] = directory?.topics ?? []
    expect(orders?.name).toBe('orders')
    expect(orders?.partitions).toMatchObject([
      { partitionIndex: 0, offsetLag: 0, isFutureKey: false },
      { partitionIndex: 1, offsetLag: 0, isFutureKey: false, partitionSize: 0 },
    ])
    expect(orders?.partitions[0]?.partitionSize).toBeGreaterThan(0)
    if (version >= 4) expect(directory?.totalBytes).toBeGreaterThan(directory?.usableBytes ?? 0)
  }
})

it('only what was asked for is told', async () => {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1], [1]])
  const connection = await cluster.broker(1).connect()
  const topics = [{ topic: 'orders', partitions: [1, 7] }]
  const response = await connection.send(describeLogDirs, 4, { topics }, { timeoutMs: 10_000 })
  expect(response.results[0]?.topics).toMatchObject([{ name: 'orders', partitions: [{ partitionIndex: 1 }] }])
})
