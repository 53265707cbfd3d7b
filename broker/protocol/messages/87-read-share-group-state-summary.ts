import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string, uuid } from '../schema.ts'

export const readShareGroupStateSummaryRequest = message({
  api: 87,
  versions: '0-1',
  flexible: '0+',
  fields: [
    string('groupId'),
    array('topics', [uuid('topicId'), array('partitions', [int32('partition'), int32('leaderEpoch')])]),
  ],
})

export const readShareGroupStateSummaryResponse = message({
  api: 87,
  versions: '0-1',
  flexible: '0+',
  fields: [
    array('results', [
      uuid('topicId'),
      array('partitions', [
        int32('partition'),
        int16('errorCode'),
        string('errorMessage', { nullable: '0+', default: null }),
        int32('stateEpoch'),
        int32('leaderEpoch'),
        int64('startOffset'),
        int32('deliveryCompleteCount', { versions: '1+', default: -1 }),
      ]),
    ]),
  ],
})

export const readShareGroupStateSummary = api({
  key: 87,
  name: 'ReadShareGroupStateSummary',
  request: readShareGroupStateSummaryRequest,
  response: readShareGroupStateSummaryResponse,
})

export type ReadShareGroupStateSummaryRequest = Decoded<typeof readShareGroupStateSummaryRequest>
export type ReadShareGroupStateSummaryRequestBody = Encodable<typeof readShareGroupStateSummaryRequest>

export type ReadShareGroupStateSummaryResponse = Decoded<typeof readShareGroupStateSummaryResponse>
export type ReadShareGroupStateSummaryResponseBody = Encodable<typeof readShareGroupStateSummaryResponse>
