import { array, type Decoded, type Encodable, string, structure, uuid } from '../schema.ts'

export const shareGroupStatePartitionMetadataKey = structure({
  name: 'ShareGroupStatePartitionMetadataKey',
  recordType: 15,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId')],
})

const topicPartitionsInfo = [uuid('topicId'), string('topicName'), array('partitions', 'int32')] as const

const topicInfo = [uuid('topicId'), string('topicName')] as const

export const shareGroupStatePartitionMetadataValue = structure({
  name: 'ShareGroupStatePartitionMetadataValue',
  recordType: 15,
  versions: '0',
  flexible: '0+',
  fields: [
    array('initializingTopics', topicPartitionsInfo),
    array('initializedTopics', topicPartitionsInfo),
    array('deletingTopics', topicInfo),
  ],
})

export type ShareGroupStatePartitionMetadataKey = Decoded<typeof shareGroupStatePartitionMetadataKey>
export type ShareGroupStatePartitionMetadataKeyBody = Encodable<typeof shareGroupStatePartitionMetadataKey>

export type ShareGroupStatePartitionMetadataValue = Decoded<typeof shareGroupStatePartitionMetadataValue>
export type ShareGroupStatePartitionMetadataValueBody = Encodable<typeof shareGroupStatePartitionMetadataValue>
