import { array, type Decoded, type Encodable, int32, string, structure, uuid } from '../schema.ts'

export const consumerGroupPartitionMetadataKey = structure({
  name: 'ConsumerGroupPartitionMetadataKey',
  recordType: 4,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId')],
})

export const consumerGroupPartitionMetadataValue = structure({
  name: 'ConsumerGroupPartitionMetadataValue',
  recordType: 4,
  versions: '0',
  flexible: '0+',
  fields: [
    array('topics', [
      uuid('topicId'),
      string('topicName'),
      int32('numPartitions'),
      array('partitionMetadata', [int32('partition'), array('racks', 'string')]),
    ]),
  ],
})

export type ConsumerGroupPartitionMetadataKey = Decoded<typeof consumerGroupPartitionMetadataKey>
export type ConsumerGroupPartitionMetadataKeyBody = Encodable<typeof consumerGroupPartitionMetadataKey>

export type ConsumerGroupPartitionMetadataValue = Decoded<typeof consumerGroupPartitionMetadataValue>
export type ConsumerGroupPartitionMetadataValueBody = Encodable<typeof consumerGroupPartitionMetadataValue>
