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

const topicPartitions = [uuid('topicId'), string('topicName'), array('partitions', 'int32')] as const

const assignment = [array('topicPartitions', topicPartitions)] as const

export const shareGroupDescribeRequest = message({
  api: 77,
  versions: '1',
  flexible: '0+',
  fields: [array('groupIds', 'string'), bool('includeAuthorizedOperations')],
})

export const shareGroupDescribeResponse = message({
  api: 77,
  versions: '1',
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
        string('rackId', { nullable: '0+', default: null }),
        int32('memberEpoch'),
        string('clientId'),
        string('clientHost'),
        array('subscribedTopicNames', 'string'),
        struct('assignment', assignment),
      ]),
      int32('authorizedOperations', { default: -2147483648 }),
    ]),
  ],
})

export const shareGroupDescribe = api({
  key: 77,
  name: 'ShareGroupDescribe',
  request: shareGroupDescribeRequest,
  response: shareGroupDescribeResponse,
})

export type ShareGroupDescribeRequest = Decoded<typeof shareGroupDescribeRequest>
export type ShareGroupDescribeRequestBody = Encodable<typeof shareGroupDescribeRequest>

export type ShareGroupDescribeResponse = Decoded<typeof shareGroupDescribeResponse>
export type ShareGroupDescribeResponseBody = Encodable<typeof shareGroupDescribeResponse>
