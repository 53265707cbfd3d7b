import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const describeProducersRequest = message({
  api: 61,
  versions: '0',
  flexible: '0+',
  fields: [array('topics', [string('name'), array('partitionIndexes', 'int32')])],
})

export const describeProducersResponse = message({
  api: 61,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    array('topics', [
      string('name'),
      array('partitions', [
        int32('partitionIndex'),
        int16('errorCode'),
        string('errorMessage', { nullable: '0+', default: null }),
        array('activeProducers', [
          int64('producerId'),
          int32('producerEpoch'),
          int32('lastSequence', { default: -1 }),
          int64('lastTimestamp', { default: -1 }),
          int32('coordinatorEpoch'),
          int64('currentTxnStartOffset', { default: -1 }),
        ]),
      ]),
    ]),
  ],
})

export const describeProducers = api({
  key: 61,
  name: 'DescribeProducers',
  request: describeProducersRequest,
  response: describeProducersResponse,
})

export type DescribeProducersRequest = Decoded<typeof describeProducersRequest>
export type DescribeProducersRequestBody = Encodable<typeof describeProducersRequest>

export type DescribeProducersResponse = Decoded<typeof describeProducersResponse>
export type DescribeProducersResponseBody = Encodable<typeof describeProducersResponse>
