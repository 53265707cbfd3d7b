import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { produceTo, readAllValues } from './replica-client.ts'
import { ReplicaCluster, until } from './replica-cluster.ts'

it('a partition moves to other brokers with its records, and leaves no folder behind', async () => {
  const cluster = await ReplicaCluster.start(3)
  await cluster.createTopic('orders', [[1, 2]], { 'min.insync.replicas': '2' })
  await produceTo(await cluster.broker(1).connect(), 'orders', ['a', 'b'])
  const { log } = cluster.broker(1).replicas.partition('orders', 0) ?? {}

  await cluster.reassign('orders', [3, 2])
  await until('broker 3 leads', () => cluster.broker(3).replicas.partition('orders', 0)?.isLeader)
  const connection = await cluster.broker(3).connect()
  await until('min.insync.replicas are in sync', () => {
    return cluster.broker(3).replicas.partition('orders', 0)?.isr.length === 2
  })
  expect(await produceTo(connection, 'orders', ['c'])).toMatchObject({ errorCode: 0, baseOffset: 2 })
  expect(await readAllValues(connection, 'orders')).toEqual(['a', 'b', 'c'])
  await until('the old replica is gone', () => cluster.broker(1).replicas.partition('orders', 0) === undefined)
  await until('its folder is gone', () => log !== undefined && !existsSync(log.directory))
  expect(cluster.failures).toEqual([])
})

it('a leader that stays answers what waits for its replicas when a replica is taken away', async () => {
  const cluster = await ReplicaCluster.start(2)
  await cluster.createTopic('orders', [[1, 2]])
  const connection = await cluster.broker(1).connect()
  const values = Array.from({ length: 200 }, (_, i) => String(i))
  const answers = values.map((value) => produceTo(connection, 'orders', [value]))
  await cluster.reassign('orders', [1])
  for (const answer of await Promise.all(answers)) expect(answer.errorCode).toBe(0)
  expect(await readAllValues(connection, 'orders')).toEqual(values)
  const partition = cluster.broker(1).replicas.partition('orders', 0)
  await until('the new term began', () => partition?.leaderEpoch === 1)
  expect(partition?.isr).toEqual([1])
})

it('a move that is cancelled leaves the new broker without the partition', async () => {
  const cluster = await ReplicaCluster.start(3)
  await cluster.createTopic('orders', [[1, 2]])
  const connection = await cluster.broker(1).connect()
  await produceTo(connection, 'orders', ['a'])
  await cluster.kill(3)
  await cluster.reassign('orders', [1, 3])
  const partition = cluster.broker(1).replicas.partition('orders', 0)
  await until(
    'the move is known',
    () => cluster.broker(1).metadata.image.topics.get('orders')?.partitions[0]?.addingReplicas[0] === 3,
  )
  expect(partition?.isr).toEqual([1, 2])
  await cluster.reassign('orders', null)
  const revived = await cluster.startBroker(3)
  expect(revived.replicas.partition('orders', 0)).toBeUndefined()
  expect(await produceTo(connection, 'orders', ['b'])).toMatchObject({ errorCode: 0, baseOffset: 1 })
})

it.each(['leader', 'follower'])('a new replica that is throttled at the %s takes its time', async (side) => {
  const cluster = await ReplicaCluster.start(2)
  await cluster.createTopic('orders', [[1]], { [`${side}.replication.throttled.replicas`]: '0:1,0:2' })
  const connection = await cluster.broker(1).connect()
  const value = 'x'.repeat(100_000)
  for (let i = 0; i < 20; i++) await produceTo(connection, 'orders', [value])
  // Two megabytes: one fetch brings half of them, the rest would then be due in a million seconds.
  const rate = `${side}.replication.throttled.rate`
  for (const id of [1, 2]) await cluster.setBrokerConfig(id, rate, '1')
  await cluster.reassign('orders', [1, 2])
  const leader = cluster.broker(1).replicas.partition('orders', 0)
  const follower = await until('a first fetch', () => {
    const partition = cluster.broker(2).replicas.partition('orders', 0)
    return partition !== undefined && partition.logEndOffset > 0 ? partition : undefined
  })
  // Another partition goes on meanwhile, and so do producers of this one.
  await cluster.createTopic('free', [[1, 2]])
  expect(await produceTo(connection, 'free', ['a'])).toMatchObject({ errorCode: 0 })
  expect(await produceTo(connection, 'orders', ['b'])).toMatchObject({ errorCode: 0 })
  expect(follower.logEndOffset).toBeLessThan(20)
  expect(leader?.isr).toEqual([1])

  for (const id of [1, 2]) await cluster.setBrokerConfig(id, rate, '100000000')
  await until('the new replica is in sync', () => leader?.isr.length === 2)
  expect(follower.logEndOffset).toBe(21)
})
