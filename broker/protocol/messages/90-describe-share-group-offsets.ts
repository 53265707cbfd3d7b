import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string, uuid } from '../schema.ts'

export const describeShareGroupOffsetsRequest = message({
  api: 90,
  versions: '0-1',
  flexible: '0+',
  fields: [
    array('groups', [
      string('groupId'),
      array('topics', [string('topicName'), array('partitions', 'int32')], { nullable: '0+' }),
    ]),
  ],
})

export const describeShareGroupOffsetsResponse = message({
  api: 90,
  versions: '0-1',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    array('groups', [
      string('groupId'),
      array('topics', [
        string('topicName'),
        uuid('topicId'),
        array('partitions', [
          int32('partitionIndex'),
          int64('startOffset'),
          int32('leaderEpoch'),
          int64('lag', { versions: '1+', default: -1 }),
          int16('errorCode'),
          string('errorMessage', { nullable: '0+', default: null }),
        ]),
      ]),
      int16('errorCode'),
      string('errorMessage', { nullable: '0+', default: null }),
    ]),
  ],
})

export const describeShareGroupOffsets = api({
  key: 90,
  name: 'DescribeShareGroupOffsets',
  request: describeShareGroupOffsetsRequest,
  response: describeShareGroupOffsetsResponse,
})

export type DescribeShareGroupOffsetsRequest = Decoded<typeof describeShareGroupOffsetsRequest>
export type DescribeShareGroupOffsetsRequestBody = Encodable<typeof describeShareGroupOffsetsRequest>

export type DescribeShareGroupOffsetsResponse = Decoded<typeof describeShareGroupOffsetsResponse>
export type DescribeShareGroupOffsetsResponseBody = Encodable<typeof describeShareGroupOffsetsResponse>
