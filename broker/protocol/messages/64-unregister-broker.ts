import { api, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const unregisterBrokerRequest = message({
  api: 64,
  versions: '0',
  flexible: '0+',
  fields: [int32('brokerId')],
})

export const unregisterBrokerResponse = message({
  api: 64,
  versions: '0',
  flexible: '0+',
  fields: [int32('throttleTimeMs'), int16('errorCode'), string('errorMessage', { nullable: '0+' })],
})

export const unregisterBroker = api({
  key: 64,
  name: 'UnregisterBroker',
  request: unregisterBrokerRequest,
  response: unregisterBrokerResponse,
})

export type UnregisterBrokerRequest = Decoded<typeof unregisterBrokerRequest>
export type UnregisterBrokerRequestBody = Encodable<typeof unregisterBrokerRequest>

export type UnregisterBrokerResponse = Decoded<typeof unregisterBrokerResponse>
export type UnregisterBrokerResponseBody = Encodable<typeof unregisterBrokerResponse>
