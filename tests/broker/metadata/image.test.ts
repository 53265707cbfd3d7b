import { describe, expect, it } from 'vitest'
import { configResource } from '../../../broker/metadata/config-resource.ts'
import { MetadataImage } from '../../../broker/metadata/image.ts'
import { MetadataDelta } from '../../../broker/metadata/metadata-delta.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordBody,
} from '../../../broker/metadata/records.ts'

const topicId = Buffer.alloc(16, 1).toString('base64url')

/** As MetadataCache does it: all records of one batch without a pause. */
function applyBatch(image: MetadataImage, records: readonly MetadataRecordBody[]): MetadataDelta {
  const delta = new MetadataDelta()
  for (const record of records) image.apply(decodeMetadataRecord(encodeMetadataRecord(record)), delta)
  return delta
}

function partition(partitionId: number, replicas = [1, 2]): MetadataRecordBody {
  return {
    type: 'PartitionRecord',
    topicId,
    partitionId,
    replicas,
    isr: replicas,
    leader: replicas[0] ?? -1,
    leaderEpoch: 0,
    partitionEpoch: 0,
    addingReplicas: [],
    removingReplicas: [],
  }
}

const topic: MetadataRecordBody = { type: 'TopicRecord', name: 'orders', topicId }

function registration(brokerId: number): MetadataRecordBody {
  return {
    type: 'RegisterBrokerRecord',
    brokerId,
    incarnationId: topicId,
    brokerEpoch: 5,
    endPoints: [{ name: 'PLAINTEXT', host: 'h', port: 9092, securityProtocol: 0 }],
    features: [],
    rack: null,
    fenced: true,
    inControlledShutdown: false,
    logDirs: [],
  }
}

describe('a metadata image', () => {
  it('does not change what a reader holds of it', () => {
    const image = new MetadataImage('c')
    applyBatch(image, [topic, partition(0)])
    const held = image.topics.get('orders')
    applyBatch(image, [partition(1), { type: 'PartitionChangeRecord', topicId, partitionId: 0, leader: 2 }])
    expect(held?.partitions.map(({ leader }) => leader)).toEqual([1])
    expect(image.topics.get('orders')?.partitions.map(({ leader }) => leader)).toEqual([2, 1])
    expect(image.topicsById.get(topicId)).toBe(image.topics.get('orders'))
  })

  it('copies the partitions of a topic once a batch, not once a record', () => {
    const image = new MetadataImage('c')
    const delta = new MetadataDelta()
    const lists = new Set()
    for (const record of [topic, ...Array.from({ length: 1_000 }, (_, i) => partition(i))]) {
      image.apply(decodeMetadataRecord(encodeMetadataRecord(record)), delta)
      lists.add(image.topics.get('orders')?.partitions)
    }
    expect(image.topics.get('orders')?.partitions).toHaveLength(1_000)
    // That of the topic before it has partitions, and one for all of them.
    expect(lists.size).toBe(2)
  })

  it('begins a new leader epoch when a leader is named, a new partition epoch with every change', () => {
    const image = new MetadataImage('c')
    applyBatch(image, [topic, partition(0)])
    applyBatch(image, [{ type: 'PartitionChangeRecord', topicId, partitionId: 0, isr: [1] }])
    expect(image.topics.get('orders')?.partitions[0]).toMatchObject({ isr: [1], leaderEpoch: 0, partitionEpoch: 1 })
    applyBatch(image, [{ type: 'PartitionChangeRecord', topicId, partitionId: 0, leader: -1 }])
    expect(image.topics.get('orders')?.partitions[0]).toMatchObject({ leader: -1, leaderEpoch: 1, partitionEpoch: 2 })
  })

  it('forgets a deleted topic with its configs, and says so', () => {
    const image = new MetadataImage('c')
    const config = { resourceType: configResource.topic, resourceName: 'orders', name: 'retention.ms', value: '1' }
    applyBatch(image, [topic, partition(0), { type: 'ConfigRecord', ...config }])
    expect([...image.topicConfigs('orders')]).toEqual([['retention.ms', '1']])
    const delta = applyBatch(image, [{ type: 'RemoveTopicRecord', topicId }])
    expect([image.topics.size, image.topicsById.size, image.topicConfigs('orders').size]).toEqual([0, 0, 0])
    expect([...delta.deletedTopics]).toEqual([[topicId, 'orders']])
    expect([delta.topics.size, delta.configs.size]).toEqual([0, 1])
  })

  it('keeps a fenced broker, which is not in sight until it is unfenced', () => {
    const image = new MetadataImage('c')
    applyBatch(image, [registration(1)])
    expect([image.brokers.get(1)?.epoch, image.isUnfenced(1), image.isUnfenced(2)]).toEqual([5, false, false])
    applyBatch(image, [{ type: 'BrokerRegistrationChangeRecord', brokerId: 1, brokerEpoch: 5, fenced: -1 }])
    expect(image.isUnfenced(1)).toBe(true)
  })

  it('is not what it should be when a record has nothing to change: that is a bug', () => {
    const image = new MetadataImage('c')
    expect(() => applyBatch(image, [partition(0)])).toThrow('changed before it was created')
    applyBatch(image, [topic])
    expect(() => applyBatch(image, [partition(1)])).toThrow('leaves a hole')
  })
})
