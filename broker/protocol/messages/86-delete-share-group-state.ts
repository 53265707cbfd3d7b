import { api, array, type Decoded, type Encodable, int16, int32, message, string, uuid } from '../schema.ts'

export const deleteShareGroupStateRequest = message({
  api: 86,
  versions: '0',
  flexible: '0+',
  fields: [string('groupId'), array('topics', [uuid('topicId'), array('partitions', [int32('partition')])])],
})

export const deleteShareGroupStateResponse = message({
  api: 86,
  versions: '0',
  flexible: '0+',
  fields: [
    array('results', [
      uuid('topicId'),
      array('partitions', [
        int32('partition'),
        int16('errorCode'),
        string('errorMessage', { nullable: '0+', default: null }),
      ]),
    ]),
  ],
})

export const deleteShareGroupState = api({
  key: 86,
  name: 'DeleteShareGroupState',
  request: deleteShareGroupStateRequest,
  response: deleteShareGroupStateResponse,
})

export type DeleteShareGroupStateRequest = Decoded<typeof deleteShareGroupStateRequest>
export type DeleteShareGroupStateRequestBody = Encodable<typeof deleteShareGroupStateRequest>

export type DeleteShareGroupStateResponse = Decoded<typeof deleteShareGroupStateResponse>
export type DeleteShareGroupStateResponseBody = Encodable<typeof deleteShareGroupStateResponse>
