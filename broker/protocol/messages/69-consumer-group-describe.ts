import {
  api,
  array,
  bool,
  type Decoded,
  type Encodable,
  int8,
  int16,
  int32,
  message,
  string,
  struct,
  uuid,
} from '../schema.ts'

const assignment = [
  array('topicPartitions', [uuid('topicId'), string('topicName'), array('partitions', 'int32')]),
] as const

export const consumerGroupDescribeRequest = message({
  api: 69,
  versions: '0-1',
  flexible: '0+',
  fields: [array('groupIds', 'string'), bool('includeAuthorizedOperations')],
})

export const consumerGroupDescribeResponse = message({
  api: 69,
  versions: '0-1',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    array('groups', [
      int16('errorCode'),
      string('errorMessage', { nullable: '0+', default: null }),
      string('groupId'),
      string('groupState'),
      int32('groupEpoch'),
      int32('assignmentEpoch'),
      string('assignorName'),
      array('members', [
        string('memberId'),
        string('instanceId', { nullable: '0+', default: null }),
        string('rackId', { nullable: '0+', default: null }),
        int32('memberEpoch'),
        string('clientId'),
        string('clientHost'),
        array('subscribedTopicNames', 'string'),
        string('subscribedTopicRegex', { nullable: '0+', default: null }),
        struct('assignment', assignment),
        struct('targetAssignment', assignment),
        int8('memberType', { versions: '1+', default: -1 }),
      ]),
      int32('authorizedOperations', { default: -2147483648 }),
    ]),
  ],
})

export const consumerGroupDescribe = api({
  key: 69,
  name: 'ConsumerGroupDescribe',
  request: consumerGroupDescribeRequest,
  response: consumerGroupDescribeResponse,
})

export type ConsumerGroupDescribeRequest = Decoded<typeof consumerGroupDescribeRequest>
export type ConsumerGroupDescribeRequestBody = Encodable<typeof consumerGroupDescribeRequest>

export type ConsumerGroupDescribeResponse = Decoded<typeof consumerGroupDescribeResponse>
export type ConsumerGroupDescribeResponseBody = Encodable<typeof consumerGroupDescribeResponse>
