import { api, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const addOffsetsToTxnRequest = message({
  api: 25,
  versions: '0-4',
  flexible: '3+',
  fields: [string('transactionalId'), int64('producerId'), int16('producerEpoch'), string('groupId')],
})

export const addOffsetsToTxnResponse = message({
  api: 25,
  versions: '0-4',
  flexible: '3+',
  fields: [int32('throttleTimeMs'), int16('errorCode')],
})

export const addOffsetsToTxn = api({
  key: 25,
  name: 'AddOffsetsToTxn',
  request: addOffsetsToTxnRequest,
  response: addOffsetsToTxnResponse,
})

export type AddOffsetsToTxnRequest = Decoded<typeof addOffsetsToTxnRequest>
export type AddOffsetsToTxnRequestBody = Encodable<typeof addOffsetsToTxnRequest>

export type AddOffsetsToTxnResponse = Decoded<typeof addOffsetsToTxnResponse>
export type AddOffsetsToTxnResponseBody = Encodable<typeof addOffsetsToTxnResponse>
