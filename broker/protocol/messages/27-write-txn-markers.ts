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
  string,
} from '../schema.ts'

export const writeTxnMarkersRequest = message({
  api: 27,
  versions: '1-2',
  flexible: '1+',
  fields: [
    array('markers', [
      int64('producerId'),
      int16('producerEpoch'),
      bool('transactionResult'),
      array('topics', [string('name'), array('partitionIndexes', 'int32')]),
      int32('coordinatorEpoch'),
      int8('transactionVersion', { versions: '2+', default: 0 }),
    ]),
  ],
})

export const writeTxnMarkersResponse = message({
  api: 27,
  versions: '1-2',
  flexible: '1+',
  fields: [
    array('markers', [
      int64('producerId'),
      array('topics', [string('name'), array('partitions', [int32('partitionIndex'), int16('errorCode')])]),
    ]),
  ],
})

export const writeTxnMarkers = api({
  key: 27,
  name: 'WriteTxnMarkers',
  request: writeTxnMarkersRequest,
  response: writeTxnMarkersResponse,
})

export type WriteTxnMarkersRequest = Decoded<typeof writeTxnMarkersRequest>
export type WriteTxnMarkersRequestBody = Encodable<typeof writeTxnMarkersRequest>

export type WriteTxnMarkersResponse = Decoded<typeof writeTxnMarkersResponse>
export type WriteTxnMarkersResponseBody = Encodable<typeof writeTxnMarkersResponse>
