import { api, array, bool, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const describeLogDirsRequest = message({
  api: 35,
  versions: '1-5',
  flexible: '2+',
  fields: [array('topics', [string('topic'), array('partitions', 'int32')], { nullable: '0+' })],
})

export const describeLogDirsResponse = message({
  api: 35,
  versions: '1-5',
  flexible: '2+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode', { versions: '3+' }),
    array('results', [
      int16('errorCode'),
      string('logDir'),
      array('topics', [
        string('name'),
        array('partitions', [int32('partitionIndex'), int64('partitionSize'), int64('offsetLag'), bool('isFutureKey')]),
      ]),
      int64('totalBytes', { versions: '4+', default: -1 }),
      int64('usableBytes', { versions: '4+', default: -1 }),
      bool('isCordoned', { versions: '5+', default: false }),
    ]),
  ],
})

export const describeLogDirs = api({
  key: 35,
  name: 'DescribeLogDirs',
  request: describeLogDirsRequest,
  response: describeLogDirsResponse,
})

export type DescribeLogDirsRequest = Decoded<typeof describeLogDirsRequest>
export type DescribeLogDirsRequestBody = Encodable<typeof describeLogDirsRequest>

export type DescribeLogDirsResponse = Decoded<typeof describeLogDirsResponse>
export type DescribeLogDirsResponseBody = Encodable<typeof describeLogDirsResponse>
export type DescribeLogDirsResultBody = DescribeLogDirsResponseBody['results'][number]
export type DescribeLogDirsTopicBody = DescribeLogDirsResultBody['topics'][number]
export type DescribeLogDirsPartitionBody = DescribeLogDirsTopicBody['partitions'][number]
