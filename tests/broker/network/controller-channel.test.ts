import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../broker/clock.ts'
import { resolveStaticBrokerSettings } from '../../../broker/metadata/broker-config.ts'
import { MetadataCache } from '../../../broker/metadata/cache.ts'
import { ControllerChannel } from '../../../broker/network/controller-channel.ts'
import { MetadataFollower } from '../../../broker/network/metadata-follower.ts'
import { ProducerIdSource } from '../../../broker/network/producer-id-source.ts'
import { TopicCreator } from '../../../broker/network/topic-creator.ts'
import { createTopics } from '../../../broker/protocol/messages/19-create-topics.ts'
import { describeQuorum } from '../../../broker/protocol/messages/55-describe-quorum.ts'
import { unregisterBroker } from '../../../broker/protocol/messages/64-unregister-broker.ts'
import { Dispatcher } from '../../../broker/server/dispatcher.ts'
import { controllerHandlers } from '../../../broker/server/handlers/controller-handlers.ts'
import { Listener } from '../../../broker/server/listener.ts'
import { clusterId, newTopics } from '../controller/cluster-model.ts'
import { type OpenController, openController, properties } from '../controller/open-controller.ts'
import { makeTemporaryDirectory } from '../log/open-test-log.ts'

const settings = resolveStaticBrokerSettings(properties)
const limits = {
  requestBytesMax: 2 ** 24,
  requestsInFlightMax: 100,
  responseBytesMax: 2 ** 24,
  connectionsMax: 100,
  idleMsMax: 60_000,
}

interface ControllerProcess extends OpenController {
  readonly port: number
  /** Ends as a killed process does: connections closed, nothing answered. */
  kill(): Promise<void>
}

async function startController(
  directory: string,
  nodeId: number,
  port = 0,
  options: Parameters<typeof openController>[1] = {},
): Promise<ControllerProcess> {
  const opened = await openController(directory, { nodeId, ...options })
  const listener = new Listener({
    name: 'controller',
    dispatcher: new Dispatcher('controller', controllerHandlers(opened.controller)),
    limits,
    onDisconnect: (connectionId) => opened.controller.connectionClosed(connectionId),
    onBug: (error) => {
      throw error
    },
  })
  const bound = await listener.listen('127.0.0.1', port)
  listener.serve()
  let ended: Promise<unknown> | undefined
  const kill = async () => {
    ended ??= Promise.all([listener.close(), opened.close()])
    await ended
  }
  onTestFinished(kill)
  return { ...opened, port: bound, kill }
}

const logDirectoryId = 'AAAAAAAAAAAAAAAAAAAAZA'

interface Broker {
  readonly channel: ControllerChannel
  readonly metadata: MetadataCache
  kill(): Promise<void>
}

async function startBroker(nodeId: number, port: number): Promise<Broker> {
  const metadata = new MetadataCache(clusterId)
  const controller = { host: '127.0.0.1', port }
  const follower = new MetadataFollower({
    ...{ nodeId, controller, metadata, clock: systemClock },
    onLost: () => undefined,
    onFailure: (error) => {
      throw error
    },
  })
  follower.start()
  const endPoints = [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9000 + nodeId, securityProtocol: 0 }]
  const channel = new ControllerChannel({
    ...{ nodeId, clusterId, controller, endPoints, rack: null, logDirectoryId, previousBrokerEpoch: -1 },
    ...{ metadata, settings, clock: systemClock },
  })
  channel.start()
  const kill = async () => {
    await channel.close()
    await follower.close()
  }
  onTestFinished(kill)
  await channel.becomeReady()
  return { channel, metadata, kill }
}

async function startCluster(...brokerIds: number[]) {
  const directory = await makeTemporaryDirectory()
  const controller = await startController(directory, 1)
  const brokers = await Promise.all(brokerIds.map((id) => startBroker(id, controller.port)))
  return { directory, controller, brokers }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('Waited 5 s in vain')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function create(broker: Broker | undefined, name: string) {
  const request = newTopics([{ name, numPartitions: 3, replicationFactor: 3 }])
  return broker?.channel.forward(createTopics, createTopics.versions.max, request)
}

describe('brokers and their controller', () => {
  it('every broker knows a topic when its creation is answered', async () => {
    const { brokers } = await startCluster(1, 2, 3)
    const answer = await create(brokers[0], 't')
    expect(answer?.topics).toMatchObject([{ errorCode: 0, numPartitions: 3, replicationFactor: 3 }])
    for (const { metadata } of brokers) {
      expect(metadata.image.topics.get('t')?.partitions.map(({ isr }) => isr.length)).toEqual([3, 3, 3])
      expect([metadata.controllerId, metadata.controllerEpoch]).toEqual([1, 1])
    }
  })

  it('a broker that is killed loses its leaderships within a second', async () => {
    const { brokers } = await startCluster(1, 2, 3)
    await create(brokers[0], 't')
    const startedAtMs = performance.now()
    await brokers[1]?.kill()
    const leads = () => brokers[0]?.metadata.image.topics.get('t')?.partitions.some(({ leader }) => leader === 2)
    await until(() => leads() === false)
    expect(performance.now() - startedAtMs).toBeLessThan(1_000)
  })

  it('brokers find the next controller on the same port, and lose nothing', async () => {
    const { directory, controller, brokers } = await startCluster(2, 3, 4)
    await create(brokers[0], 'before')
    const epochs = brokers.map(({ channel }) => channel.brokerEpoch)
    await controller.kill()
    const underWay = create(brokers[1], 'after')
    await startController(directory, 5, controller.port)
    expect((await underWay)?.topics[0]?.errorCode).toBe(0)
    for (const { metadata } of brokers) {
      expect([...metadata.image.topics.keys()]).toEqual(['before', 'after'])
      expect([metadata.controllerId, metadata.controllerEpoch]).toEqual([5, 2])
      expect([...metadata.image.brokers.values()].every(({ isFenced }) => !isFenced)).toBe(true)
    }
    expect(brokers.map(({ channel }) => channel.brokerEpoch)).toEqual(epochs)
  })

  it('a broker that shuts down is allowed to once the others lead in its place', async () => {
    const { brokers } = await startCluster(1, 2, 3)
    await create(brokers[0], 't')
    expect(await brokers[2]?.channel.shutDown(5_000)).toBe(true)
    for (const { metadata } of brokers.slice(0, 2)) {
      expect(metadata.image.topics.get('t')?.partitions.map(({ leader }) => leader)).not.toContain(3)
    }
  })

  it('topics that somebody uses come into being once', async () => {
    const { brokers } = await startCluster(1, 2)
    const told: string[] = []
    const onFailure = (error: unknown) => told.push(String(error))
    const creators = brokers.map(
      ({ channel, metadata }) => new TopicCreator({ channel, image: metadata.image, settings, onFailure }),
    )
    const refusals = await Promise.all(creators.map((creator) => creator.autoCreateTopics(['a', 'b b'])))
    expect(refusals.map((refusal) => [...refusal])).toEqual([[['b b', 17]], [['b b', 17]]])
    expect(brokers.every(({ metadata }) => metadata.image.topics.has('a'))).toBe(true)
    // Each broker tells whoever runs it why, once.
    await creators[0]?.autoCreateTopics(['b b'])
    expect(told).toHaveLength(2)
    expect(told[0]).toMatch(
      /^Error: Topic b b not created automatically: INVALID_TOPIC_EXCEPTION: .* contains one or more/,
    )
  })

  it('a broker whose log directory fails loses its leaderships at once, and is back when it is', async () => {
    const { brokers } = await startCluster(1, 2, 3)
    await create(brokers[0], 't')
    brokers[1]?.channel.reportOfflineLogDirs([logDirectoryId])
    const partitions = () => brokers[0]?.metadata.image.topics.get('t')?.partitions ?? []
    await until(() => partitions().every(({ leader, isr }) => leader !== 2 && !isr.includes(2)))
    expect(brokers[0]?.metadata.image.isUnfenced(2)).toBe(false)
    brokers[1]?.channel.reportOfflineLogDirs([])
    await until(() => brokers[0]?.metadata.image.isUnfenced(2) === true)
  })

  it('a broker that is forgotten while it runs registers again', async () => {
    const { brokers } = await startCluster(1, 2)
    const { brokerEpoch } = brokers[1]?.channel ?? {}
    const forgotten = await brokers[0]?.channel.forward(unregisterBroker, 0, { brokerId: 2 })
    expect(forgotten).toMatchObject({ errorCode: 0, errorMessage: null })
    await until(() => (brokers[1]?.channel.brokerEpoch ?? -1) > (brokerEpoch ?? -1))
    await until(() => brokers[0]?.metadata.image.isUnfenced(2) === true)
    expect(await brokers[0]?.channel.forward(unregisterBroker, 0, { brokerId: 9 })).toMatchObject({
      errorCode: 102,
      errorMessage: 'Broker ID 9 is not currently registered',
    })
  })

  it('producer ids are unique in the cluster', async () => {
    const { brokers } = await startCluster(1, 2)
    const sources = brokers.map(({ channel }) => new ProducerIdSource(() => channel.allocateProducerIds()))
    const taken = await Promise.all(sources.flatMap((source) => Array.from({ length: 1_500 }, () => source.take())))
    expect(new Set(taken).size).toBe(3_000)
  })

  it('the quorum shows how far each broker has followed', async () => {
    const { brokers } = await startCluster(1, 2, 3)
    await create(brokers[0], 't')
    const request = { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] }
    const answer = await brokers[2]?.channel.forward(describeQuorum, describeQuorum.versions.max, request)
    const partition = answer?.topics[0]?.partitions[0]
    expect(partition).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 1, observers: [] })
    expect(partition?.currentVoters.map(({ replicaId, logEndOffset }) => [replicaId, logEndOffset])).toEqual(
      [1, 2, 3].map((id) => [id, partition?.highWatermark]),
    )
    expect(answer?.nodes.map(({ nodeId }) => nodeId)).toEqual([1, 2, 3])
  })

  it('a broker that was away for long is brought up by a snapshot', async () => {
    const { directory, controller, brokers } = await startCluster(1, 2, 4)
    await create(brokers[0], 'before')
    await brokers[2]?.kill()
    const often = new Map([...properties, ['metadata.log.max.record.bytes.between.snapshots', '500']])
    await controller.kill()
    const next = await startController(directory, 3, controller.port, { properties: often })
    for (let i = 0; i < 20; i++) await create(brokers[0], `topic-${i}`)
    await until(() => next.log.logStartOffset > 0)
    const late = await startBroker(4, next.port)
    expect([...late.metadata.image.topics.keys()]).toEqual([...(brokers[0]?.metadata.image.topics.keys() ?? [])])
    expect(late.metadata.image.topics.size).toBe(21)
    expect([late.metadata.controllerId, late.metadata.controllerEpoch]).toEqual([3, 2])
    await create(late, 'after')
    expect(brokers[0]?.metadata.image.topics.has('after')).toBe(true)
  })
})
