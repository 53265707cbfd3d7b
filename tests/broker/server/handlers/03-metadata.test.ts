import { describe, expect, it } from 'vitest'
import type { MetadataCache } from '../../../../broker/metadata/cache.ts'
import { encodeMetadataRecord } from '../../../../broker/metadata/records.ts'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import { type MetadataRequestBody, metadata } from '../../../../broker/protocol/messages/03-metadata.ts'
import { zeroUuid } from '../../../../broker/protocol/schema.ts'
import { metadataHandler } from '../../../../broker/server/handlers/03-metadata.ts'
import { connectTo, ordersId, paymentsId, smallCluster } from './small-cluster.ts'

/** Creates a topic as the controller does, unless it is called `refused`. */
function creatorFor(cache: MetadataCache, asked: string[] = []) {
  return {
    async autoCreateTopics(names: readonly string[]) {
      asked.push(...names)
      for (const name of names.filter((each) => each !== 'refused')) {
        const topicId = Buffer.from(name.padEnd(16)).toString('base64url')
        cache.apply([encodeMetadataRecord({ type: 'TopicRecord', name, topicId })], cache.offset + 1)
      }
      return new Map([['refused', errorCodes.INVALID_REPLICATION_FACTOR]])
    },
  }
}

async function ask(
  version: number,
  request: MetadataRequestBody,
  { isAutoCreateEnabled = true, asked = [''], cache = smallCluster() } = {},
) {
  const connection = await connectTo(metadataHandler(cache, creatorFor(cache, asked), () => isAutoCreateEnabled))
  return connection.send(metadata, version, request, { timeoutMs: 10_000 })
}

describe('Metadata', () => {
  it('tells of the brokers that are not fenced, of the controller and of every topic', async () => {
    const answer = await ask(12, { topics: null })
    expect(answer.brokers.map(({ nodeId, host, port }) => [nodeId, host, port])).toEqual([
      [1, 'host-1', 9091],
      [3, 'host-3', 9093],
    ])
    expect([answer.clusterId, answer.controllerId]).toEqual(['small-cluster', 3])
    expect(answer.topics.map(({ name, topicId }) => [name, topicId])).toEqual([
      ['orders', ordersId],
      ['payments', paymentsId],
    ])
  })

  it('shows a partition without a leader, and replicas on fenced brokers as offline', async () => {
    const [orders] = (await ask(12, { topics: [{ name: 'orders' }] })).topics
    expect(orders?.partitions).toMatchObject([
      { errorCode: 0, leaderId: 1, leaderEpoch: 4, replicaNodes: [1, 2], isrNodes: [1], offlineReplicas: [2] },
      { errorCode: errorCodes.LEADER_NOT_AVAILABLE, leaderId: -1, leaderEpoch: 2, offlineReplicas: [2] },
    ])
  })

  it('hides what has no address from clients of version 0', async () => {
    const [orders] = (await ask(0, { topics: [{ name: 'orders' }] })).topics
    expect(orders?.partitions[0]).toMatchObject({ errorCode: errorCodes.REPLICA_NOT_AVAILABLE, replicaNodes: [1] })
  })

  it('takes no topics for none, but for all in version 0', async () => {
    expect((await ask(0, { topics: [] })).topics).toHaveLength(2)
    expect((await ask(1, { topics: [] })).topics).toHaveLength(0)
  })

  it('finds topics by id from version 12 on', async () => {
    const unknownId = Buffer.alloc(16, 9).toString('base64url')
    const topics = [paymentsId, unknownId].map((topicId) => ({ topicId, name: null }))
    expect((await ask(12, { topics })).topics).toMatchObject([
      { errorCode: 0, name: 'payments' },
      { errorCode: errorCodes.UNKNOWN_TOPIC_ID, topicId: unknownId },
    ])
  })

  it('refuses ids in versions that have the field but no ids, as Apache Kafka does', async () => {
    const id = Buffer.alloc(16, 9).toString('base64url')
    const topics = [
      { topicId: id, name: null },
      { topicId: zeroUuid, name: 'payments' },
    ]
    const answer = await ask(11, { topics })
    expect(answer.brokers).toEqual([])
    expect(answer.topics).toMatchObject([
      { errorCode: errorCodes.INVALID_REQUEST, name: '', topicId: id },
      { errorCode: errorCodes.INVALID_REQUEST, name: 'payments' },
    ])
  })

  it('creates a topic that is asked for, and knows it when it is asked for again', async () => {
    const asked: string[] = []
    const cache = smallCluster()
    const topics = ['new', 'orders', 'new', 'not legal', 'refused'].map((name) => ({ name }))
    const answer = await ask(12, { topics, allowAutoTopicCreation: true }, { asked, cache })
    expect(asked).toEqual(['new', 'refused'])
    expect(answer.topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['new', errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
      ['orders', 0],
      ['new', errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
      ['not legal', errorCodes.INVALID_TOPIC_EXCEPTION],
      ['refused', errorCodes.INVALID_REPLICATION_FACTOR],
    ])
    expect((await ask(12, { topics: [{ name: 'new' }] }, { cache })).topics[0]?.errorCode).toBe(0)
  })

  it.each([
    ['the client', { allowAutoTopicCreation: false }, true],
    ['the broker', { allowAutoTopicCreation: true }, false],
  ])('creates nothing where %s does not want it', async (_, allowing, isAutoCreateEnabled) => {
    const asked: string[] = []
    const answer = await ask(12, { topics: [{ name: 'new' }], ...allowing }, { isAutoCreateEnabled, asked })
    expect(answer.topics[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
    expect(asked).toEqual([])
  })
})
