import { afterAll, beforeAll, expect, it } from 'vitest'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { metadata } from '../../../broker/protocol/messages/03-metadata.ts'
import { findCoordinator } from '../../../broker/protocol/messages/10-find-coordinator.ts'
import { incrementalAlterConfigs } from '../../../broker/protocol/messages/44-incremental-alter-configs.ts'
import { describeShareGroupOffsets } from '../../../broker/protocol/messages/90-describe-share-group-offsets.ts'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'
import { ClusterClient, RefusedError } from './cluster-client.ts'
import { NumberedProducer } from './numbered-producer.ts'
import { ShareConsumer, ShareJournal } from './share-consumer.ts'

const topic = 'work'
const group = 'workers'
const partitions = 4
const groupResource = 32
const shareKeyType = 2

let cluster: TestCluster
let client: ClusterClient
let topicId: string

beforeAll(async () => {
  cluster = await startTestCluster()
  client = new ClusterClient(cluster.brokers)
  await client.createTopic(topic, { partitions })
  await client.waitForFullIsr(topic)
  const { topics } = await client.sendToAny(metadata, 12, { topics: [{ name: topic }], allowAutoTopicCreation: false })
  topicId = topics[0]?.topicId ?? ''
  const configs = [{ name: 'share.auto.offset.reset', configOperation: 0, value: 'earliest' }]
  await client.sendToAny(incrementalAlterConfigs, 1, {
    resources: [{ resourceType: groupResource, resourceName: group, configs }],
    validateOnly: false,
  })
}, 60_000)

afterAll(async () => {
  client?.close()
  await cluster?.stop()
})

async function shareCoordinatorOf(partition: number): Promise<number> {
  const coordinatorKeys = [`${group}:${topicId}:${partition}`]
  const { coordinators } = await client.sendToAny(findCoordinator, 6, { keyType: shareKeyType, coordinatorKeys })
  const [coordinator] = coordinators
  if (coordinator?.errorCode !== errorCodes.NONE) throw new RefusedError(coordinator?.errorCode ?? -1)
  return coordinator.nodeId
}

/** What the group has still to read, by partition; -1 where that cannot be told. */
async function lags(): Promise<number[]> {
  const coordinator = await client.coordinatorOf(group)
  const request = { groups: [{ groupId: group, topics: null }] }
  const { groups } = await client.send(coordinator, describeShareGroupOffsets, 1, request)
  return groups[0]?.topics[0]?.partitions.map(({ lag }) => lag) ?? []
}

it('has each record acknowledged once while leaders and coordinators are killed', { timeout: 240_000 }, async () => {
  const journal = new ShareJournal()
  const consumers = Array.from({ length: 3 }, () => new ShareConsumer(client, { group, topic, topicId, journal }))
  const producers = Array.from({ length: partitions }, (_, index) => {
    return new NumberedProducer(client, { topic, index, isIdempotent: true })
  })
  const waitForProgress = async (what: string) => {
    const before = journal.acknowledged.size
    await waitFor(`records to be acknowledged ${what}`, () => journal.acknowledged.size > before + 300, {
      timeoutMs: 60_000,
    })
  }
  await waitForProgress('at first')

  const victims = {
    'a leader': async () => (await client.requirePartition(topic, 0)).leaderId,
    'the share coordinator': () => shareCoordinatorOf(1),
    'the group coordinator': () => client.coordinatorOf(group),
    'another leader': async () => (await client.requirePartition(topic, 2)).leaderId,
  }
  for (const [name, choose] of Object.entries(victims)) {
    for (const internal of [topic, '__share_group_state', '__consumer_offsets']) await client.waitForFullIsr(internal)
    const victim = await waitFor(name, () => choose().catch(() => undefined))
    cluster.kill(victim)
    await waitForProgress(`after ${name} was killed`)
  }

  for (const producer of producers) await producer.stop()
  await waitFor(
    'everything to be acknowledged',
    async () => {
      const left = await lags().catch(() => [])
      return left.length === partitions && left.every((lag) => lag === 0)
    },
    { timeoutMs: 60_000 },
  )
  for (const consumer of consumers) await consumer.stop()

  expect(journal.faults).toEqual([])
  const delivered = new Set(journal.delivered.map(({ name }) => name))
  const all = producers.flatMap(({ index, sent }) => Array.from({ length: sent }, (_, offset) => `${index}:${offset}`))
  expect(all.filter((name) => !delivered.has(name))).toEqual([])
  // Of some acknowledgements the answer was lost with the broker; they were sent all the same.
  expect(all.filter((name) => !journal.acknowledged.has(name) && !journal.sent.has(name))).toEqual([])
})
