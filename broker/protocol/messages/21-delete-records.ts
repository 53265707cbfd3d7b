import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const deleteRecordsRequest = message({
  api: 21,
  versions: '0-2',
  flexible: '2+',
  fields: [
    array('topics', [string('name'), array('partitions', [int32('partitionIndex'), int64('offset')])]),
    int32('timeoutMs'),
  ],
})

export const deleteRecordsResponse = message({
  api: 21,
  versions: '0-2',
  flexible: '2+',
  fields: [
    int32('throttleTimeMs'),
    array('topics', [
      string('name'),
      array('partitions', [int32('partitionIndex'), int64('lowWatermark'), int16('errorCode')]),
    ]),
  ],
})

export const deleteRecords = api({
  key: 21,
  name: 'DeleteRecords',
  request: deleteRecordsRequest,
  response: deleteRecordsResponse,
})

export type DeleteRecordsRequest = Decoded<typeof deleteRecordsRequest>
export type DeleteRecordsRequestBody = Encodable<typeof deleteRecordsRequest>

export type DeleteRecordsResponse = Decoded<typeof deleteRecordsResponse>
export type DeleteRecordsResponseBody = Encodable<typeof deleteRecordsResponse>
