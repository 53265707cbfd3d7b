import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { expect, it, onTestFinished } from 'vitest'
import { Broker } from '../../../broker/broker.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { BrokerConnection } from '../../../broker/network/connection.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { produce } from '../../../broker/protocol/messages/00-produce.ts'
import { alterReplicaLogDirs } from '../../../broker/protocol/messages/34-alter-replica-log-dirs.ts'
import { describeLogDirs } from '../../../broker/protocol/messages/35-describe-log-dirs.ts'
import { buildBatch } from '../../../broker/record/build-batch.ts'
import { openWorld } from '../../../broker/world.ts'
import { FaultyFileSystem } from '../../support/faulty-file-system.ts'
import { findFreePorts } from '../../support/free-ports.ts'
import { waitFor } from '../../support/wait-for.ts'

it('a broker whose disk fails says so and gives its partitions to the others', { timeout: 60_000 }, async () => {
  const cluster = await startBrokers(3)
  const kafka = new Kafka({ brokers: cluster.addresses, logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } })
  const admin = kafka.admin()
  await admin.connect()
  const assignment = (replicas: number[]) => [{ partition: 0, replicas }]
  const configEntries = [{ name: 'min.insync.replicas', value: '1' }]
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      { topic: 'orders', replicaAssignment: assignment([2, 1, 3]), configEntries },
      { topic: 'only-there', replicaAssignment: assignment([2]), configEntries },
      { topic: 'elsewhere', replicaAssignment: assignment([3, 1]), configEntries },
    ],
  })
  const producer = kafka.producer()
  await producer.connect()
  const send = (topic: string, value: string) => producer.send({ topic, acks: -1, messages: [{ value }] })
  for (const topic of ['orders', 'elsewhere']) await send(topic, 'before')

  const connection = await BrokerConnection.connect({ host: '127.0.0.1', port: cluster.port(2), clientId: 'test' })
  const timeout = { timeoutMs: 15_000 }
  const request = { transactionalId: null, acks: 1, timeoutMs: 1000 }
  const produceTo = async (name: string) => {
    const records = buildBatch({ records: [{ key: null, value: Buffer.from('before') }], timestampMs: Date.now() })
    const topicData = [{ name, partitionData: [{ index: 0, records }] }]
    const answer = await connection.send(produce, 9, { ...request, topicData }, timeout)
    return answer.responses[0]?.partitionResponses[0]?.errorCode
  }
  expect(await produceTo('only-there')).toBe(errorCodes.NONE)
  cluster.fileSystem(2).failWrite(1, 'fail', 'only-there')
  expect(await produceTo('only-there')).toBe(errorCodes.KAFKA_STORAGE_ERROR)
  // The same disk: what the broker holds of other topics is offline with it, whether it leads or follows.
  expect(await produceTo('orders')).toBe(errorCodes.KAFKA_STORAGE_ERROR)

  const described = await connection.send(describeLogDirs, 4, { topics: null }, timeout)
  expect(described.results).toMatchObject([{ errorCode: errorCodes.KAFKA_STORAGE_ERROR, topics: [] }])
  const logDir = described.results[0]?.logDir ?? ''
  const moved = async (path: string) => {
    const dirs = [{ path, topics: [{ name: 'orders', partitions: [0] }] }]
    return (await connection.send(alterReplicaLogDirs, 2, { dirs }, timeout)).results[0]?.partitions[0]?.errorCode
  }
  expect([await moved(logDir), await moved('/elsewhere')]).toEqual([
    errorCodes.KAFKA_STORAGE_ERROR,
    errorCodes.LOG_DIR_NOT_FOUND,
  ])

  await waitFor('another broker leads', async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: ['orders'] })
    return topics[0]?.partitions[0]?.leader === 1
  })
  await send('orders', 'after')
  await send('elsewhere', 'after')
  expect(cluster.reported).toContainEqual(expect.objectContaining({ code: 'EIO' }))

  await connection.close()
  await producer.disconnect()
  await admin.disconnect()
  await cluster.stop()

  // The disk works again: the broker that was offline recovers its logs, since it could not close them in good order.
  cluster.fileSystem(2).heal()
  const again = await startBrokers(3, cluster)
  const consumer = new Kafka({ brokers: again.addresses, logLevel: logLevel.NOTHING }).consumer({ groupId: 'g' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders', 'only-there', 'elsewhere'], fromBeginning: true })
  const read: string[] = []
  await consumer.run({
    eachMessage: async ({ topic, message }) => {
      read.push(`${topic}:${message.value?.toString()}`)
    },
  })
  await waitFor('all acknowledged records', async () => read.length >= 5)
  expect(read.toSorted()).toEqual([
    'elsewhere:after',
    'elsewhere:before',
    'only-there:before',
    'orders:after',
    'orders:before',
  ])
  await consumer.disconnect()
  await again.stop()
})

interface RunningBrokers {
  readonly addresses: string[]
  readonly reported: unknown[]
  readonly directory: string
  readonly firstPort: number
  readonly fileSystems: readonly FaultyFileSystem[]
  port(id: number): number
  fileSystem(id: number): FaultyFileSystem
  stop(): Promise<void>
}

/** Whole brokers in this process, on data that is there when they ran before. */
async function startBrokers(count: number, before?: RunningBrokers): Promise<RunningBrokers> {
  const directory = before?.directory ?? (await mkdtemp(join(tmpdir(), 'eyrie-failed-disk-')))
  if (before === undefined) onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const firstPort = before?.firstPort ?? (await findFreePorts(count + 1))
  const fileSystems =
    before?.fileSystems ?? Array.from({ length: count }, () => new FaultyFileSystem(new NodeFileSystem()))
  const reported: unknown[] = []
  const properties = new Map([
    ['offsets.topic.num.partitions', '1'],
    ['group.initial.rebalance.delay.ms', '0'],
    ['broker.session.timeout.ms', '30000'],
  ])
  const brokers = await Promise.all(
    fileSystems.map((fileSystem, index) => {
      const config = {
        nodeId: index + 1,
        clusterId: 'failed-disk-cluster-id',
        host: '127.0.0.1',
        port: firstPort + index + 1,
        controllerPort: firstPort,
        clusterDirectory: directory,
        properties,
      }
      const world = { ...openWorld(), fileSystem, report: (error: unknown) => reported.push(error) }
      return Broker.start(config, world, (error) => reported.push(error))
    }),
  )
  return {
    addresses: fileSystems.map((_, index) => `127.0.0.1:${firstPort + index + 1}`),
    reported,
    directory,
    firstPort,
    fileSystems,
    port: (id) => firstPort + id,
    fileSystem: (id) => fileSystems[id - 1] ?? new FaultyFileSystem(new NodeFileSystem()),
    stop: async () => {
      for (const broker of brokers) await broker.stop()
    },
  }
}
