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

export const readShareGroupStateRequest = message({
  api: 84,
  versions: '0',
  flexible: '0+',
  fields: [
    string('groupId'),
    array('topics', [uuid('topicId'), array('partitions', [int32('partition'), int32('leaderEpoch')])]),
  ],
})

export const readShareGroupStateResponse = message({
  api: 84,
  versions: '0',
  flexible: '0+',
  fields: [
    array('results', [
      uuid('topicId'),
      array('partitions', [
        int32('partition'),
        int16('errorCode'),
        string('errorMessage', { nullable: '0+', default: null }),
        int32('stateEpoch'),
        int64('startOffset'),
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

export const readShareGroupState = api({
  key: 84,
  name: 'ReadShareGroupState',
  request: readShareGroupStateRequest,
  response: readShareGroupStateResponse,
})

export type ReadShareGroupStateRequest = Decoded<typeof readShareGroupStateRequest>
export type ReadShareGroupStateRequestBody = Encodable<typeof readShareGroupStateRequest>

export type ReadShareGroupStateResponse = Decoded<typeof readShareGroupStateResponse>
export type ReadShareGroupStateResponseBody = Encodable<typeof readShareGroupStateResponse>
