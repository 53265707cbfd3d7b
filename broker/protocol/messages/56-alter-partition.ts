import { api, array, type Decoded, type Encodable, int8, int16, int32, int64, message, uuid } from '../schema.ts'

export const alterPartitionRequest = message({
  api: 56,
  versions: '2-3',
  flexible: '0+',
  fields: [
    int32('brokerId'),
    int64('brokerEpoch', { default: -1 }),
    array('topics', [
      uuid('topicId'),
      array('partitions', [
        int32('partitionIndex'),
        int32('leaderEpoch'),
        array('newIsr', 'int32', { versions: '2' }),
        array('newIsrWithEpochs', [int32('brokerId'), int64('brokerEpoch', { default: -1 })], { versions: '3+' }),
        int8('leaderRecoveryState', { default: 0 }),
        int32('partitionEpoch'),
      ]),
    ]),
  ],
})

export const alterPartitionResponse = message({
  api: 56,
  versions: '2-3',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    array('topics', [
      uuid('topicId'),
      array('partitions', [
        int32('partitionIndex'),
        int16('errorCode'),
        int32('leaderId'),
        int32('leaderEpoch'),
        array('isr', 'int32'),
        int8('leaderRecoveryState', { default: 0 }),
        int32('partitionEpoch'),
      ]),
    ]),
  ],
})

export const alterPartition = api({
  key: 56,
  name: 'AlterPartition',
  request: alterPartitionRequest,
  response: alterPartitionResponse,
})

export type AlterPartitionRequest = Decoded<typeof alterPartitionRequest>
export type AlterPartitionRequestBody = Encodable<typeof alterPartitionRequest>
export type RequestedTopicData = AlterPartitionRequest['topics'][number]
export type RequestedPartitionData = RequestedTopicData['partitions'][number]

export type AlterPartitionResponse = Decoded<typeof alterPartitionResponse>
export type AlterPartitionResponseBody = Encodable<typeof alterPartitionResponse>
export type TopicData = AlterPartitionResponse['topics'][number]
export type PartitionData = TopicData['partitions'][number]
export type TopicDataBody = AlterPartitionResponseBody['topics'][number]
export type PartitionDataBody = TopicDataBody['partitions'][number]
