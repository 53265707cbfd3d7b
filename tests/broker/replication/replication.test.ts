import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { FaultyFileSystem } from '../../support/faulty-file-system.ts'
import { batchOf, fetchFrom, produceTo, readAllValues, valuesOf } from './replica-client.ts'
import { ReplicaCluster, until } from './replica-cluster.ts'

describe('replication over sockets', () => {
  it('acks=all is answered when all in-sync replicas have the record', async () => {
    const cluster = await ReplicaCluster.start(3)
    await cluster.createTopic('orders', [[1, 2, 3]], { 'min.insync.replicas': '2' })
    const connection = await cluster.broker(1).connect()
    const produced = await produceTo(connection, 'orders', ['a', 'b'])
    expect(produced).toMatchObject({ errorCode: 0, baseOffset: 0, logStartOffset: 0 })
    for (const id of [1, 2, 3]) expect(cluster.broker(id).replicas.partition('orders', 0)?.logEndOffset).toBe(2)
    expect(await readAllValues(connection, 'orders')).toEqual(['a', 'b'])
    expect(cluster.failures).toEqual([])
  })

  it('no record acknowledged with acks=all is lost when leaders die one after the other', async () => {
    const cluster = await ReplicaCluster.start(3, { 'broker.disconnect.grace.ms': '20' })
    await cluster.createTopic('orders', [[1, 2, 3]], { 'min.insync.replicas': '2' })
    const acknowledged: string[] = []
    for (let round = 0; round < 4; round++) {
      const leader = await cluster.leaderOf('orders')
      const connection = await leader.connect()
      await until('both followers are in sync', () => leader.replicas.partition('orders', 0)?.isr.length === 3)
      const sent = Array.from({ length: 50 }, (_, i) => `${round}-${i}`)
      const answers = sent.map(async (value) => {
        const produced = await produceTo(connection, 'orders', [value]).catch(() => undefined)
        if (produced?.errorCode === 0) acknowledged.push(value)
      })
      await Promise.race(answers)
      await cluster.kill(leader.id)
      await Promise.all(answers)
      await cluster.leaderOf('orders')
      await cluster.startBroker(leader.id)
    }
    const leader = await cluster.leaderOf('orders')
    const connection = await leader.connect()
    await until('all is committed', () => {
      const partition = leader.replicas.partition('orders', 0)
      return partition?.highWatermark === partition?.logEndOffset
    })
    const stored = await readAllValues(connection, 'orders')
    expect(stored).toEqual(expect.arrayContaining(acknowledged))
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(stored.filter((value) => acknowledged.includes(value))).toEqual(acknowledged)
    expect(cluster.failures).toEqual([])
  })

  it('a leader that died comes back and drops what nobody had copied', async () => {
    const cluster = await ReplicaCluster.start(2, { 'broker.disconnect.grace.ms': '20' })
    await cluster.createTopic('orders', [[1, 2]])
    const connection = await cluster.broker(1).connect()
    await produceTo(connection, 'orders', ['a'])
    const old = cluster.broker(1).replicas.partition('orders', 0)
    const dying = cluster.kill(1)
    old?.append(batchOf(['lost', 'lost too']), 1, 'client')
    await dying
    const leader = await cluster.leaderOf('orders')
    expect(leader.id).toBe(2)
    const toNewLeader = await leader.connect()
    await produceTo(toNewLeader, 'orders', ['b'])
    const returned = await cluster.startBroker(1)
    expect(old?.logEndOffset).toBe(3)
    await until('both are in sync', () => leader.replicas.partition('orders', 0)?.isr.length === 2)
    await produceTo(toNewLeader, 'orders', ['c'])
    expect(await readAllValues(toNewLeader, 'orders')).toEqual(['a', 'b', 'c'])
    expect(returned.logs.get('orders', 0)?.logEndOffset).toBe(3)
    const copy = await returned.logs
      .get('orders', 0)
      ?.read({ offset: 0, maxBytes: 1e6, upToOffset: 3, atLeastOneBatch: true })
    expect(valuesOf(Buffer.concat(copy ?? []))).toEqual(['a', 'b', 'c'])
    expect(cluster.failures).toEqual([])
  })

  it('a term without records does not keep a follower from joining the next one', async () => {
    const cluster = await ReplicaCluster.start(2, { 'broker.disconnect.grace.ms': '20' })
    await cluster.createTopic('orders', [[1, 2]])
    await produceTo(await cluster.broker(1).connect(), 'orders', ['a'])
    for (const id of [1, 2, 1, 2]) {
      await cluster.kill(id)
      const leader = await cluster.leaderOf('orders')
      await cluster.startBroker(id)
      await until('both are in sync', () => leader.replicas.partition('orders', 0)?.isr.length === 2)
    }
    const leader = await cluster.leaderOf('orders')
    const connection = await leader.connect()
    expect((await produceTo(connection, 'orders', ['b'])).errorCode).toBe(errorCodes.NONE)
    expect(await readAllValues(connection, 'orders')).toEqual(['a', 'b'])
    expect(cluster.failures).toEqual([])
  })

  it('a follower that hangs leaves the ISR after the lag time, and acks=all goes on without it', async () => {
    const cluster = await ReplicaCluster.start(3, { 'replica.lag.time.max.ms': '600' })
    await cluster.createTopic('orders', [[1, 2, 3]], { 'min.insync.replicas': '2' })
    const partition = cluster.broker(1).replicas.partition('orders', 0)
    const connection = await cluster.broker(1).connect()
    await produceTo(connection, 'orders', ['a'])
    // It stops fetching, but the controller hears nothing of it.
    await cluster.broker(3).replicas.close()
    const produced = await produceTo(connection, 'orders', ['b'])
    expect(produced.errorCode).toBe(errorCodes.NONE)
    expect(partition?.isr).toEqual([1, 2])
    expect(cluster.failures).toEqual([])
  })

  it('a new partition is followed at once, although the poll for the others is parked', async () => {
    const cluster = await ReplicaCluster.start(2, { 'replica.fetch.wait.max.ms': '25000' })
    await cluster.createTopic('orders', [[1, 2]])
    const connection = await cluster.broker(1).connect()
    await produceTo(connection, 'orders', ['a'])
    await cluster.createTopic('payments', [[1, 2]])
    expect((await produceTo(connection, 'payments', ['b'], { timeoutMs: 10_000 })).errorCode).toBe(errorCodes.NONE)
    expect((await produceTo(connection, 'orders', ['c'], { timeoutMs: 10_000 })).errorCode).toBe(errorCodes.NONE)
  })

  it('a follower that was away while its records were deleted starts where the leader does', async () => {
    const cluster = await ReplicaCluster.start(2, { 'broker.disconnect.grace.ms': '20' })
    await cluster.createTopic('orders', [[1, 2]])
    const connection = await cluster.broker(1).connect()
    await produceTo(connection, 'orders', ['a'])
    await cluster.kill(2)
    const partition = cluster.broker(1).replicas.partition('orders', 0)
    await until('broker 2 has left the ISR', () => partition?.isr.length === 1)
    for (const value of ['b', 'c', 'd']) await produceTo(connection, 'orders', [value])
    await partition?.deleteRecordsBefore(3, 10_000)
    const returned = await cluster.startBroker(2)
    await until('broker 2 is in sync', () => partition?.isr.length === 2)
    const log = returned.logs.get('orders', 0)
    expect([log?.logStartOffset, log?.logEndOffset]).toEqual([3, 4])
    expect(cluster.failures).toEqual([])
  })

  it('a changed min.insync.replicas applies at once', async () => {
    const cluster = await ReplicaCluster.start(2, { 'broker.disconnect.grace.ms': '20' })
    await cluster.createTopic('orders', [[1, 2]], { 'min.insync.replicas': '2' })
    const connection = await cluster.broker(1).connect()
    await cluster.kill(2)
    const partition = cluster.broker(1).replicas.partition('orders', 0)
    await until('broker 2 has left the ISR', () => partition?.isr.length === 1)
    await produceTo(connection, 'orders', ['a'], { acks: 1 })
    expect(partition?.highWatermark).toBe(0)
    await cluster.setTopicConfig('orders', 'min.insync.replicas', '1')
    await until('the record is committed', () => partition?.highWatermark === 1)
  })

  it('high watermarks survive a restart', async () => {
    const cluster = await ReplicaCluster.start(1)
    await cluster.createTopic('orders', [[1]])
    await produceTo(await cluster.broker(1).connect(), 'orders', ['a', 'b'])
    await cluster.kill(1)
    const returned = await cluster.startBroker(1)
    await cluster.leaderOf('orders')
    const partition = returned.replicas.partition('orders', 0)
    expect([partition?.highWatermark, partition?.logEndOffset]).toEqual([2, 2])
    expect(await readAllValues(await returned.connect(), 'orders')).toEqual(['a', 'b'])
  })

  it('a deleted topic leaves no folder, and the same name starts empty', async () => {
    const cluster = await ReplicaCluster.start(2)
    await cluster.createTopic('orders', [[1, 2]])
    const connection = await cluster.broker(1).connect()
    await produceTo(connection, 'orders', ['a'])
    await cluster.deleteTopic('orders')
    await until('the replicas are gone', () =>
      [1, 2].every((id) => cluster.broker(id).logs.get('orders', 0) === undefined),
    )
    await cluster.createTopic('orders', [[1, 2]])
    await produceTo(connection, 'orders', ['b'])
    expect(await readAllValues(connection, 'orders')).toEqual(['b'])
    expect(cluster.failures).toEqual([])
  })

  it('a topic that was deleted while a broker was down is removed when it starts', async () => {
    const cluster = await ReplicaCluster.start(2, { 'broker.disconnect.grace.ms': '20' })
    await cluster.createTopic('orders', [[1, 2]])
    await cluster.kill(2)
    await cluster.deleteTopic('orders')
    const returned = await cluster.startBroker(2)
    expect(returned.logs.get('orders', 0)).toBeUndefined()
    expect(cluster.failures).toEqual([])
  })

  it('too few in-sync replicas refuse acks=all, and take acks=1 without showing it', async () => {
    const cluster = await ReplicaCluster.start(2, { 'broker.disconnect.grace.ms': '20' })
    await cluster.createTopic('orders', [[1, 2]], { 'min.insync.replicas': '2' })
    const connection = await cluster.broker(1).connect()
    await produceTo(connection, 'orders', ['a'])
    await cluster.kill(2)
    const partition = cluster.broker(1).replicas.partition('orders', 0)
    await until('broker 2 has left the ISR', () => partition?.isr.length === 1)
    expect((await produceTo(connection, 'orders', ['b'])).errorCode).toBe(errorCodes.NOT_ENOUGH_REPLICAS)
    expect((await produceTo(connection, 'orders', ['c'], { acks: 1 })).errorCode).toBe(errorCodes.NONE)
    expect(partition?.highWatermark).toBe(1)
    await cluster.startBroker(2)
    await until('the record is committed', () => partition?.highWatermark === 2)
    expect(await readAllValues(connection, 'orders')).toEqual(['a', 'c'])
  })

  it('a long poll is answered as soon as the high watermark moves', async () => {
    const cluster = await ReplicaCluster.start(2)
    await cluster.createTopic('orders', [[1, 2]], { 'min.insync.replicas': '2' })
    const consumer = await cluster.broker(1).connect()
    const producer = await cluster.broker(1).connect()
    const startedMs = performance.now()
    const polled = fetchFrom(consumer, 'orders', 0, { maxWaitMs: 20_000 })
    await produceTo(producer, 'orders', ['a'])
    expect(valuesOf((await polled).records)).toEqual(['a'])
    expect(performance.now() - startedMs).toBeLessThan(10_000)
  })

  it('a partition whose folder cannot be opened says so, and the others of its topic are served', async () => {
    const cluster = await ReplicaCluster.start(1)
    await cluster.createTopic('orders', [[1], [1]])
    const before = await cluster.broker(1).connect()
    for (const index of [0, 1]) await produceTo(before, 'orders', ['a'], { index })
    const folder = join(cluster.broker(1).logs.path, 'orders-0')
    await cluster.kill(1)
    await rm(folder, { recursive: true })
    await writeFile(folder, 'no folder')
    const connection = await (await cluster.startBroker(1)).connect()
    expect(await produceTo(connection, 'orders', ['b'], { index: 0 })).toMatchObject({
      errorCode: errorCodes.KAFKA_STORAGE_ERROR,
    })
    await until('the other partition is led', () => cluster.broker(1).replicas.partition('orders', 1)?.isLeader)
    expect(await produceTo(connection, 'orders', ['b'], { index: 1 })).toMatchObject({ errorCode: 0 })
  })

  it('a disk that cannot be read is one partition’s error, not the end of the connection', async () => {
    const cluster = await ReplicaCluster.start(0)
    const fileSystem = new FaultyFileSystem(new NodeFileSystem())
    await cluster.startBroker(1, fileSystem)
    await cluster.createTopic('orders', [[1]])
    await cluster.createTopic('payments', [[1]])
    const first = await cluster.broker(1).connect()
    for (const topic of ['orders', 'payments']) await produceTo(first, topic, ['a'])
    // Started again it has nothing in memory.
    await cluster.kill(1)
    const connection = await (await cluster.startBroker(1, fileSystem)).connect()
    for (const topic of ['orders', 'payments']) await cluster.leaderOf(topic)
    fileSystem.failReads('orders-0')
    expect(await fetchFrom(connection, 'orders', 0)).toMatchObject({ errorCode: errorCodes.KAFKA_STORAGE_ERROR })
    expect(await readAllValues(connection, 'payments')).toEqual(['a'])
  })

  it('retention goes on with the other partitions when one cannot be read', async () => {
    const cluster = await ReplicaCluster.start(0, { 'log.retention.check.interval.ms': '20' })
    const fileSystem = new FaultyFileSystem(new NodeFileSystem())
    await cluster.startBroker(1, fileSystem)
    const topics = ['orders', 'payments']
    for (const topic of topics) await cluster.createTopic(topic, [[1]], { 'segment.bytes': `${1024 * 1024}` })
    const first = await cluster.broker(1).connect()
    const large = 'x'.repeat(600_000)
    for (const topic of topics) for (const value of [large, large]) await produceTo(first, topic, [value])
    await cluster.kill(1)
    await cluster.startBroker(1, fileSystem)
    for (const topic of topics) await cluster.leaderOf(topic)
    fileSystem.failReads('orders-0')
    for (const topic of topics) await cluster.setTopicConfig(topic, 'retention.bytes', '0')
    const payments = cluster.broker(1).replicas.partition('payments', 0)
    await until('the records of the other topic are deleted', () => payments?.logStartOffset === 2)
  })
})
