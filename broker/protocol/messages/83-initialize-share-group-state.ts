import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string, uuid } from '../schema.ts'

export const initializeShareGroupStateRequest = message({
  api: 83,
  versions: '0',
  flexible: '0+',
  fields: [
    string('groupId'),
    array('topics', [
      uuid('topicId'),
      array('partitions', [int32('partition'), int32('stateEpoch'), int64('startOffset')]),
    ]),
  ],
})

export const initializeShareGroupStateResponse = message({
  api: 83,
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

export const initializeShareGroupState = api({
  key: 83,
  name: 'InitializeShareGroupState',
  request: initializeShareGroupStateRequest,
  response: initializeShareGroupStateResponse,
})

export type InitializeShareGroupStateRequest = Decoded<typeof initializeShareGroupStateRequest>
export type InitializeShareGroupStateRequestBody = Encodable<typeof initializeShareGroupStateRequest>

export type InitializeShareGroupStateResponse = Decoded<typeof initializeShareGroupStateResponse>
export type InitializeShareGroupStateResponseBody = Encodable<typeof initializeShareGroupStateResponse>
