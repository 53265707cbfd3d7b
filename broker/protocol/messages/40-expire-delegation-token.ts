import { api, bytes, type Decoded, type Encodable, int16, int32, int64, message } from '../schema.ts'

export const expireDelegationTokenRequest = message({
  api: 40,
  versions: '1-2',
  flexible: '2+',
  fields: [bytes('hmac'), int64('expiryTimePeriodMs')],
})

export const expireDelegationTokenResponse = message({
  api: 40,
  versions: '1-2',
  flexible: '2+',
  fields: [int16('errorCode'), int64('expiryTimestampMs'), int32('throttleTimeMs')],
})

export const expireDelegationToken = api({
  key: 40,
  name: 'ExpireDelegationToken',
  request: expireDelegationTokenRequest,
  response: expireDelegationTokenResponse,
})

export type ExpireDelegationTokenRequest = Decoded<typeof expireDelegationTokenRequest>
export type ExpireDelegationTokenRequestBody = Encodable<typeof expireDelegationTokenRequest>

export type ExpireDelegationTokenResponse = Decoded<typeof expireDelegationTokenResponse>
export type ExpireDelegationTokenResponseBody = Encodable<typeof expireDelegationTokenResponse>
