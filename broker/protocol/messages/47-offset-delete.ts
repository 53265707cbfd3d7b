import { api, array, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const offsetDeleteRequest = message({
  api: 47,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), array('topics', [string('name'), array('partitions', [int32('partitionIndex')])])],
})

export const offsetDeleteResponse = message({
  api: 47,
  versions: '0',
  flexible: 'none',
  fields: [
    int16('errorCode'),
    int32('throttleTimeMs'),
    array('topics', [string('name'), array('partitions', [int32('partitionIndex'), int16('errorCode')])]),
  ],
})

export const offsetDelete = api({
  key: 47,
  name: 'OffsetDelete',
  request: offsetDeleteRequest,
  response: offsetDeleteResponse,
})

export type OffsetDeleteRequest = Decoded<typeof offsetDeleteRequest>
export type OffsetDeleteRequestBody = Encodable<typeof offsetDeleteRequest>

export type OffsetDeleteResponse = Decoded<typeof offsetDeleteResponse>
export type OffsetDeleteResponseBody = Encodable<typeof offsetDeleteResponse>
