import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const describeTransactionsRequest = message({
  api: 65,
  versions: '0',
  flexible: '0+',
  fields: [array('transactionalIds', 'string')],
})

export const describeTransactionsResponse = message({
  api: 65,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    array('transactionStates', [
      int16('errorCode'),
      string('transactionalId'),
      string('transactionState'),
      int32('transactionTimeoutMs'),
      int64('transactionStartTimeMs'),
      int64('producerId'),
      int16('producerEpoch'),
      array('topics', [string('topic'), array('partitions', 'int32')]),
    ]),
  ],
})

export const describeTransactions = api({
  key: 65,
  name: 'DescribeTransactions',
  request: describeTransactionsRequest,
  response: describeTransactionsResponse,
})

export type DescribeTransactionsRequest = Decoded<typeof describeTransactionsRequest>
export type DescribeTransactionsRequestBody = Encodable<typeof describeTransactionsRequest>

export type DescribeTransactionsResponse = Decoded<typeof describeTransactionsResponse>
export type DescribeTransactionsResponseBody = Encodable<typeof describeTransactionsResponse>
