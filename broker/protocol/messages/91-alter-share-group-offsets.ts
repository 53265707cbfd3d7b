import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string, uuid } from '../schema.ts'

export const alterShareGroupOffsetsRequest = message({
  api: 91,
  versions: '0',
  flexible: '0+',
  fields: [
    string('groupId'),
    array('topics', [string('topicName'), array('partitions', [int32('partitionIndex'), int64('startOffset')])]),
  ],
})

export const alterShareGroupOffsetsResponse = message({
  api: 91,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+', default: null }),
    array('responses', [
      string('topicName'),
      uuid('topicId'),
      array('partitions', [
        int32('partitionIndex'),
        int16('errorCode'),
        string('errorMessage', { nullable: '0+', default: null }),
      ]),
    ]),
  ],
})

export const alterShareGroupOffsets = api({
  key: 91,
  name: 'AlterShareGroupOffsets',
  request: alterShareGroupOffsetsRequest,
  response: alterShareGroupOffsetsResponse,
})

export type AlterShareGroupOffsetsRequest = Decoded<typeof alterShareGroupOffsetsRequest>
export type AlterShareGroupOffsetsRequestBody = Encodable<typeof alterShareGroupOffsetsRequest>

export type AlterShareGroupOffsetsResponse = Decoded<typeof alterShareGroupOffsetsResponse>
export type AlterShareGroupOffsetsResponseBody = Encodable<typeof alterShareGroupOffsetsResponse>
