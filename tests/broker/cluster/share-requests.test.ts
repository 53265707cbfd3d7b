import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BrokerConnection } from '../../../broker/network/connection.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { metadata } from '../../../broker/protocol/messages/03-metadata.ts'
import { incrementalAlterConfigs } from '../../../broker/protocol/messages/44-incremental-alter-configs.ts'
import { shareGroupHeartbeat } from '../../../broker/protocol/messages/76-share-group-heartbeat.ts'
import { shareFetch } from '../../../broker/protocol/messages/78-share-fetch.ts'
import { shareAcknowledge } from '../../../broker/protocol/messages/79-share-acknowledge.ts'
import { describeShareGroupOffsets } from '../../../broker/protocol/messages/90-describe-share-group-offsets.ts'
import { alterShareGroupOffsets } from '../../../broker/protocol/messages/91-alter-share-group-offsets.ts'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'
import { ClusterClient } from './cluster-client.ts'
import { ShareConsumer, ShareJournal } from './share-consumer.ts'

const [accept, release, reject, renew] = [1, 2, 3, 4]
const lockDurationMs = 4_000
const timeoutMs = 20_000

let cluster: TestCluster
let client: ClusterClient

beforeAll(async () => {
  cluster = await startTestCluster({
    brokers: 1,
    properties: {
      'group.share.record.lock.duration.ms': String(lockDurationMs),
      'group.share.delivery.count.limit': '2',
    },
  })
  client = new ClusterClient(cluster.brokers)
}, 60_000)

afterAll(async () => {
  client?.close()
  await cluster?.stop()
})

/** A topic of one partition, and a group that is about to read it from here on. */
async function prepare(topic: string): Promise<string> {
  await client.createTopic(topic)
  const { topics } = await client.sendToAny(metadata, 12, { topics: [{ name: topic }], allowAutoTopicCreation: false })
  // A member that leaves again: the group exists, and its share partition.
  await waitFor('the group', async () => {
    if ((await client.coordinatorOf(topic).catch(() => undefined)) === undefined) return false
    const joined = await client.send(1, shareGroupHeartbeat, 1, {
      groupId: topic,
      memberId: 'first',
      memberEpoch: 0,
      subscribedTopicNames: [topic],
    })
    return joined.errorCode === 0 && joined.assignment?.topicPartitions.length === 1
  })
  await client.send(1, shareGroupHeartbeat, 1, { groupId: topic, memberId: 'first', memberEpoch: -1 })
  return topics[0]?.topicId ?? ''
}

/** One member of the group that has the topic's name, on a connection of its own, which it opens its session with. */
class Member {
  readonly #connection: BrokerConnection
  readonly #group: string
  readonly #topicId: string
  readonly #memberId: string
  #epoch = 0

  private constructor(connection: BrokerConnection, group: string, topicId: string, memberId: string) {
    this.#connection = connection
    this.#group = group
    this.#topicId = topicId
    this.#memberId = memberId
  }

  static async open(group: string, topicId: string, memberId: string): Promise<Member> {
    const member = new Member(await client.connectAlone(1), group, topicId, memberId)
    await member.fetch({ maxWaitMs: 0, maxRecords: 0 })
    return member
  }

  /** What is acquired, as `first-last x deliveries`. */
  async fetch(options: { maxWaitMs?: number; maxRecords?: number } = {}): Promise<string[]> {
    const answer = await this.#connection.send(
      shareFetch,
      2,
      {
        groupId: this.#group,
        memberId: this.#memberId,
        shareSessionEpoch: this.#epoch,
        maxWaitMs: options.maxWaitMs ?? 5_000,
        minBytes: 1,
        maxRecords: options.maxRecords ?? 500,
        batchSize: 500,
        shareAcquireMode: 1,
        topics: [{ topicId: this.#topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches: [] }] }],
        forgottenTopicsData: [],
      },
      { timeoutMs },
    )
    expect(answer.errorCode).toBe(errorCodes.NONE)
    this.#epoch += 1
    const [partition] = answer.responses.flatMap(({ partitions }) => [...partitions])
    expect(partition?.errorCode ?? 0).toBe(errorCodes.NONE)
    return (partition?.acquiredRecords ?? []).map(({ firstOffset, lastOffset, deliveryCount }) => {
      return `${firstOffset}-${lastOffset} x${deliveryCount}`
    })
  }

  async acknowledge(firstOffset: number, lastOffset: number, type: number, epoch = this.#epoch): Promise<number> {
    const answer = await this.#connection.send(
      shareAcknowledge,
      2,
      {
        groupId: this.#group,
        memberId: this.#memberId,
        shareSessionEpoch: epoch,
        isRenewAck: type === renew,
        topics: [
          {
            topicId: this.#topicId,
            partitions: [
              { partitionIndex: 0, acknowledgementBatches: [{ firstOffset, lastOffset, acknowledgeTypes: [type] }] },
            ],
          },
        ],
      },
      { timeoutMs },
    )
    if (answer.errorCode !== errorCodes.NONE) return answer.errorCode
    this.#epoch += 1
    return answer.responses[0]?.partitions[0]?.errorCode ?? -1
  }

  close(): void {
    this.#connection.close()
  }
}

async function lagOf(group: string): Promise<number | undefined> {
  const { groups } = await client.send(1, describeShareGroupOffsets, 1, { groups: [{ groupId: group, topics: null }] })
  return groups[0]?.topics[0]?.partitions[0]?.lag
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i))
}

it('gives each record of one partition to one of five consumers', { timeout: 120_000 }, async () => {
  const topic = 'shared'
  const topicId = await prepare(topic)
  const journal = new ShareJournal()
  const consumers = Array.from(
    { length: 5 },
    () => new ShareConsumer(client, { group: topic, topic, topicId, journal }),
  )
  await waitFor('all to share the partition', () => consumers.every(({ assigned }) => assigned.length === 1))
  for (let i = 0; i < 60; i++) await client.produce(topic, 0, numbers(50))
  await waitFor('all to be acknowledged', () => journal.acknowledged.size === 3_000, { timeoutMs: 60_000 })
  for (const consumer of consumers) await consumer.stop()
  expect(journal.faults).toEqual([])
  expect(journal.delivered).toHaveLength(3_000)
  expect(await lagOf(topic)).toBe(0)
})

it('gives the records of a consumer that is gone to another, with a higher delivery count, until the limit', async () => {
  const topic = 'abandoned'
  const topicId = await prepare(topic)
  const first = await Member.open(topic, topicId, 'a')
  await client.produce(topic, 0, numbers(3))
  expect(await first.fetch()).toEqual(['0-2 x1'])
  expect(await first.acknowledge(0, 0, accept)).toBe(errorCodes.NONE)
  const second = await Member.open(topic, topicId, 'b')
  expect(await second.fetch({ maxWaitMs: 0 })).toEqual([])
  first.close()
  expect(await second.fetch()).toEqual(['1-2 x2'])
  second.close()
  await waitFor('what was delivered twice to be given up', async () => (await lagOf(topic)) === 0)
  const third = await Member.open(topic, topicId, 'c')
  expect(await third.fetch({ maxWaitMs: 200 })).toEqual([])
  third.close()
})

it('takes records back when their lock ends, unless it is renewed', async () => {
  const topic = 'locked'
  const topicId = await prepare(topic)
  const slow = await Member.open(topic, topicId, 'slow')
  const other = await Member.open(topic, topicId, 'other')
  await client.produce(topic, 0, numbers(2))
  expect(await slow.fetch()).toEqual(['0-1 x1'])
  const lockedAtMs = performance.now()
  await waitFor('half the lock', () => performance.now() > lockedAtMs + lockDurationMs / 2)
  expect(await slow.acknowledge(0, 0, renew)).toBe(errorCodes.NONE)
  expect(await other.fetch()).toEqual(['1-1 x2'])
  expect(await slow.acknowledge(1, 1, accept)).toBe(errorCodes.INVALID_RECORD_STATE)
  expect(await slow.acknowledge(0, 0, accept)).toBe(errorCodes.NONE)
  expect(await other.acknowledge(1, 1, accept)).toBe(errorCodes.NONE)
  expect(await lagOf(topic)).toBe(0)
  slow.close()
  other.close()
})

it('delivers again what is released and never what is rejected', async () => {
  const topic = 'returned'
  const topicId = await prepare(topic)
  const member = await Member.open(topic, topicId, 'a')
  await client.produce(topic, 0, numbers(4))
  expect(await member.fetch({ maxRecords: 3 })).toEqual(['0-2 x1'])
  expect(await member.acknowledge(0, 0, reject)).toBe(errorCodes.NONE)
  expect(await member.acknowledge(1, 2, release)).toBe(errorCodes.NONE)
  expect(await member.fetch({ maxRecords: 2 })).toEqual(['1-2 x2'])
  expect(await member.acknowledge(1, 5, accept)).toBe(errorCodes.INVALID_REQUEST)
  expect(await member.acknowledge(1, 2, accept)).toBe(errorCodes.NONE)
  expect(await member.fetch()).toEqual(['3-3 x1'])
  member.close()
})

it('knows a session by its epoch', async () => {
  const topic = 'sessions'
  const topicId = await prepare(topic)
  const member = await Member.open(topic, topicId, 'a')
  expect(await member.acknowledge(0, 0, accept, 0)).toBe(errorCodes.INVALID_SHARE_SESSION_EPOCH)
  expect(await member.acknowledge(0, 0, accept, 7)).toBe(errorCodes.INVALID_SHARE_SESSION_EPOCH)
  member.close()
})

it('gives a group that reads committed records nothing of a transaction before it is over, nor of an aborted one', {
  timeout: 60_000,
}, async () => {
  const topic = 'committed'
  const configs = [{ name: 'share.isolation.level', configOperation: 0, value: 'read_committed' }]
  await client.sendToAny(incrementalAlterConfigs, 1, {
    resources: [{ resourceType: 32, resourceName: topic, configs }],
    validateOnly: false,
  })
  const topicId = await prepare(topic)
  const member = await Member.open(topic, topicId, 'a')
  const kafka = new Kafka({ brokers: [...cluster.brokers], logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ transactionalId: 'writer', maxInFlightRequests: 1, idempotent: true })
  await producer.connect()
  const send = async (isCommitted: boolean) => {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ value: '0' }, { value: '1' }] })
    expect(await member.fetch({ maxWaitMs: 100 })).toEqual([])
    if (isCommitted) await transaction.commit()
    else await transaction.abort()
  }
  await send(false)
  await send(true)
  // Two aborted records and their marker, two committed ones and theirs.
  expect(await member.fetch()).toEqual(['3-4 x1'])
  expect(await member.acknowledge(3, 4, accept)).toBe(errorCodes.NONE)
  await send(false)
  expect(await member.fetch({ maxWaitMs: 100 })).toEqual([])
  await producer.disconnect()
  member.close()
})

it('begins where an administrator says, once nobody reads', async () => {
  const topic = 'rewound'
  const topicId = await prepare(topic)
  const member = await Member.open(topic, topicId, 'a')
  await client.produce(topic, 0, numbers(5))
  expect(await member.fetch()).toEqual(['0-4 x1'])
  expect(await member.acknowledge(0, 4, accept)).toBe(errorCodes.NONE)
  member.close()
  const answer = await client.send(1, alterShareGroupOffsets, 0, {
    groupId: topic,
    topics: [{ topicName: topic, partitions: [{ partitionIndex: 0, startOffset: 2 }] }],
  })
  expect(answer.responses[0]?.partitions[0]?.errorCode).toBe(errorCodes.NONE)
  expect(await lagOf(topic)).toBe(3)
  const again = await Member.open(topic, topicId, 'b')
  expect(await again.fetch()).toEqual(['2-4 x1'])
  again.close()
})

it('is made where an administrator says, before anybody reads', async () => {
  const topic = 'made-by-offset'
  await client.createTopic(topic)
  await client.produce(topic, 0, numbers(5))
  const alter = () =>
    client.send(1, alterShareGroupOffsets, 0, {
      groupId: topic,
      topics: [{ topicName: topic, partitions: [{ partitionIndex: 0, startOffset: 2 }] }],
    })
  const answer = await waitFor('the coordinator', async () => {
    const { errorCode, responses } = await alter()
    return errorCode === errorCodes.COORDINATOR_NOT_AVAILABLE ? undefined : { errorCode, responses }
  })
  expect(answer.errorCode).toBe(errorCodes.NONE)
  expect(answer.responses[0]?.partitions[0]?.errorCode).toBe(errorCodes.NONE)
  expect(await lagOf(topic)).toBe(3)
})
