import {
  api,
  array,
  bool,
  type Decoded,
  type Encodable,
  int8,
  int16,
  int32,
  int64,
  message,
  records,
  string,
  struct,
  uuid,
} from '../schema.ts'

export const shareFetchRequest = message({
  api: 78,
  versions: '1-2',
  flexible: '0+',
  fields: [
    string('groupId', { nullable: '0+', default: null }),
    string('memberId', { nullable: '0+' }),
    int32('shareSessionEpoch'),
    int32('maxWaitMs'),
    int32('minBytes'),
    int32('maxBytes', { default: 0x7fffffff }),
    int32('maxRecords'),
    int32('batchSize'),
    int8('shareAcquireMode', { versions: '2+', default: 0 }),
    bool('isRenewAck', { versions: '2+', default: false }),
    array('topics', [
      uuid('topicId'),
      array('partitions', [
        int32('partitionIndex'),
        int32('partitionMaxBytes', { versions: '0' }),
        array('acknowledgementBatches', [int64('firstOffset'), int64('lastOffset'), array('acknowledgeTypes', 'int8')]),
      ]),
    ]),
    array('forgottenTopicsData', [uuid('topicId'), array('partitions', 'int32')]),
  ],
})

export const shareFetchResponse = message({
  api: 78,
  versions: '1-2',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+', default: null }),
    int32('acquisitionLockTimeoutMs'),
    array('responses', [
      uuid('topicId'),
      array('partitions', [
        int32('partitionIndex'),
        int16('errorCode'),
        string('errorMessage', { nullable: '0+', default: null }),
        int16('acknowledgeErrorCode'),
        string('acknowledgeErrorMessage', { nullable: '0+', default: null }),
        struct('currentLeader', [int32('leaderId'), int32('leaderEpoch')]),
        records('records', { nullable: '0' }),
        array('acquiredRecords', [int64('firstOffset'), int64('lastOffset'), int16('deliveryCount')]),
      ]),
    ]),
    array('nodeEndpoints', [
      int32('nodeId'),
      string('host'),
      int32('port'),
      string('rack', { nullable: '0+', default: null }),
    ]),
  ],
})

export const shareFetch = api({
  key: 78,
  name: 'ShareFetch',
  request: shareFetchRequest,
  response: shareFetchResponse,
})

export type ShareFetchRequest = Decoded<typeof shareFetchRequest>
export type ShareFetchRequestBody = Encodable<typeof shareFetchRequest>

export type ShareFetchResponse = Decoded<typeof shareFetchResponse>
export type ShareFetchResponseBody = Encodable<typeof shareFetchResponse>
