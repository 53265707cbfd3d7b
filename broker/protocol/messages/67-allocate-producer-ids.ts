import { api, type Decoded, type Encodable, int16, int32, int64, message } from '../schema.ts'

export const allocateProducerIdsRequest = message({
  api: 67,
  versions: '0',
  flexible: '0+',
  fields: [int32('brokerId'), int64('brokerEpoch', { default: -1 })],
})

export const allocateProducerIdsResponse = message({
  api: 67,
  versions: '0',
  flexible: '0+',
  fields: [int32('throttleTimeMs'), int16('errorCode'), int64('producerIdStart'), int32('producerIdLen')],
})

export const allocateProducerIds = api({
  key: 67,
  name: 'AllocateProducerIds',
  request: allocateProducerIdsRequest,
  response: allocateProducerIdsResponse,
})

export type AllocateProducerIdsRequest = Decoded<typeof allocateProducerIdsRequest>
export type AllocateProducerIdsRequestBody = Encodable<typeof allocateProducerIdsRequest>

export type AllocateProducerIdsResponse = Decoded<typeof allocateProducerIdsResponse>
export type AllocateProducerIdsResponseBody = Encodable<typeof allocateProducerIdsResponse>
