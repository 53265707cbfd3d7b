import { api, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const initProducerIdRequest = message({
  api: 22,
  versions: '0-5',
  flexible: '2+',
  fields: [
    string('transactionalId', { nullable: '0+' }),
    int32('transactionTimeoutMs'),
    int64('producerId', { versions: '3+', default: -1 }),
    int16('producerEpoch', { versions: '3+', default: -1 }),
  ],
})

export const initProducerIdResponse = message({
  api: 22,
  versions: '0-5',
  flexible: '2+',
  fields: [int32('throttleTimeMs'), int16('errorCode'), int64('producerId', { default: -1 }), int16('producerEpoch')],
})

export const initProducerId = api({
  key: 22,
  name: 'InitProducerId',
  request: initProducerIdRequest,
  response: initProducerIdResponse,
})

export type InitProducerIdRequest = Decoded<typeof initProducerIdRequest>
export type InitProducerIdRequestBody = Encodable<typeof initProducerIdRequest>

export type InitProducerIdResponse = Decoded<typeof initProducerIdResponse>
export type InitProducerIdResponseBody = Encodable<typeof initProducerIdResponse>
