import {
  api,
  array,
  bool,
  type Decoded,
  type Encodable,
  int16,
  int32,
  message,
  string,
  struct,
  uuid,
} from '../schema.ts'

export const describeTopicPartitionsRequest = message({
  api: 75,
  versions: '0',
  flexible: '0+',
  fields: [
    array('topics', [string('name')]),
    int32('responsePartitionLimit', { default: 2000 }),
    struct('cursor', [string('topicName'), int32('partitionIndex')], { nullable: '0+', default: null }),
  ],
})

export const describeTopicPartitionsResponse = message({
  api: 75,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    array('topics', [
      int16('errorCode'),
      string('name', { nullable: '0+' }),
      uuid('topicId'),
      bool('isInternal', { default: false }),
      array('partitions', [
        int16('errorCode'),
        int32('partitionIndex'),
        int32('leaderId'),
        int32('leaderEpoch', { default: -1 }),
        array('replicaNodes', 'int32'),
        array('isrNodes', 'int32'),
        array('eligibleLeaderReplicas', 'int32', { nullable: '0+', default: null }),
        array('lastKnownElr', 'int32', { nullable: '0+', default: null }),
        array('offlineReplicas', 'int32'),
      ]),
      int32('topicAuthorizedOperations', { default: -2147483648 }),
    ]),
    struct('nextCursor', [string('topicName'), int32('partitionIndex')], { nullable: '0+', default: null }),
  ],
})

export const describeTopicPartitions = api({
  key: 75,
  name: 'DescribeTopicPartitions',
  request: describeTopicPartitionsRequest,
  response: describeTopicPartitionsResponse,
})

export type DescribeTopicPartitionsRequest = Decoded<typeof describeTopicPartitionsRequest>
export type DescribeTopicPartitionsRequestBody = Encodable<typeof describeTopicPartitionsRequest>

export type DescribeTopicPartitionsResponse = Decoded<typeof describeTopicPartitionsResponse>
export type DescribeTopicPartitionsResponseBody = Encodable<typeof describeTopicPartitionsResponse>
export type DescribeTopicPartitionsResponseTopicBody = DescribeTopicPartitionsResponseBody['topics'][number]
export type DescribeTopicPartitionsResponsePartitionBody =
  DescribeTopicPartitionsResponseTopicBody['partitions'][number]
