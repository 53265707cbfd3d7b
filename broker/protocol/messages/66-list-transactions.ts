import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const listTransactionsRequest = message({
  api: 66,
  versions: '0-2',
  flexible: '0+',
  fields: [
    array('stateFilters', 'string'),
    array('producerIdFilters', 'int64'),
    int64('durationFilter', { versions: '1+', default: -1 }),
    string('transactionalIdPattern', { versions: '2+', nullable: '2+', default: null }),
  ],
})

export const listTransactionsResponse = message({
  api: 66,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    array('unknownStateFilters', 'string'),
    array('transactionStates', [string('transactionalId'), int64('producerId'), string('transactionState')]),
  ],
})

export const listTransactions = api({
  key: 66,
  name: 'ListTransactions',
  request: listTransactionsRequest,
  response: listTransactionsResponse,
})

export type ListTransactionsRequest = Decoded<typeof listTransactionsRequest>
export type ListTransactionsRequestBody = Encodable<typeof listTransactionsRequest>

export type ListTransactionsResponse = Decoded<typeof listTransactionsResponse>
export type ListTransactionsResponseBody = Encodable<typeof listTransactionsResponse>
