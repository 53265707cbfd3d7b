import {
  api,
  array,
  type Decoded,
  type Encodable,
  int8,
  int16,
  int32,
  int64,
  message,
  string,
  uuid,
} from '../schema.ts'

export const writeShareGroupStateRequest = message({
  api: 85,
  versions: '0-1',
  flexible: '0+',
  fields: [
    string('groupId'),
    array('topics', [
      uuid('topicId'),
      array('partitions', [
        int32('partition'),
        int32('stateEpoch'),
        int32('leaderEpoch'),
        int64('startOffset'),
        int32('deliveryCompleteCount', { versions: '1+', default: -1 }),
        array('stateBatches', [
          int64('firstOffset'),
          int64('lastOffset'),
          int8('deliveryState'),
          int16('deliveryCount'),
        ]),
      ]),
    ]),
  ],
})

export const writeShareGroupStateResponse = message({
  api: 85,
  versions: '0-1',
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

export const writeShareGroupState = api({
  key: 85,
  name: 'WriteShareGroupState',
  request: writeShareGroupStateRequest,
  response: writeShareGroupStateResponse,
})

export type WriteShareGroupStateRequest = Decoded<typeof writeShareGroupStateRequest>
export type WriteShareGroupStateRequestBody = Encodable<typeof writeShareGroupStateRequest>

export type WriteShareGroupStateResponse = Decoded<typeof writeShareGroupStateResponse>
export type WriteShareGroupStateResponseBody = Encodable<typeof writeShareGroupStateResponse>
