import { api, array, type Decoded, type Encodable, int16, int32, message, string, uuid } from '../schema.ts'

export const deleteShareGroupOffsetsRequest = message({
  api: 92,
  versions: '0',
  flexible: '0+',
  fields: [string('groupId'), array('topics', [string('topicName')])],
})

export const deleteShareGroupOffsetsResponse = message({
  api: 92,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+', default: null }),
    array('responses', [
      string('topicName'),
      uuid('topicId'),
      int16('errorCode'),
      string('errorMessage', { nullable: '0+', default: null }),
    ]),
  ],
})

export const deleteShareGroupOffsets = api({
  key: 92,
  name: 'DeleteShareGroupOffsets',
  request: deleteShareGroupOffsetsRequest,
  response: deleteShareGroupOffsetsResponse,
})

export type DeleteShareGroupOffsetsRequest = Decoded<typeof deleteShareGroupOffsetsRequest>
export type DeleteShareGroupOffsetsRequestBody = Encodable<typeof deleteShareGroupOffsetsRequest>

export type DeleteShareGroupOffsetsResponse = Decoded<typeof deleteShareGroupOffsetsResponse>
export type DeleteShareGroupOffsetsResponseBody = Encodable<typeof deleteShareGroupOffsetsResponse>
