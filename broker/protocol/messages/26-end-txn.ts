import { api, bool, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const endTxnRequest = message({
  api: 26,
  versions: '0-5',
  flexible: '3+',
  fields: [string('transactionalId'), int64('producerId'), int16('producerEpoch'), bool('committed')],
})

export const endTxnResponse = message({
  api: 26,
  versions: '0-5',
  flexible: '3+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    int64('producerId', { versions: '5+', default: -1 }),
    int16('producerEpoch', { versions: '5+', default: -1 }),
  ],
})

export const endTxn = api({ key: 26, name: 'EndTxn', request: endTxnRequest, response: endTxnResponse })

export type EndTxnRequest = Decoded<typeof endTxnRequest>
export type EndTxnRequestBody = Encodable<typeof endTxnRequest>

export type EndTxnResponse = Decoded<typeof endTxnResponse>
export type EndTxnResponseBody = Encodable<typeof endTxnResponse>
