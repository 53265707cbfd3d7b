import { api, bytes, type Decoded, type Encodable, int16, int32, int64, message } from '../schema.ts'

export const renewDelegationTokenRequest = message({
  api: 39,
  versions: '1-2',
  flexible: '2+',
  fields: [bytes('hmac'), int64('renewPeriodMs')],
})

export const renewDelegationTokenResponse = message({
  api: 39,
  versions: '1-2',
  flexible: '2+',
  fields: [int16('errorCode'), int64('expiryTimestampMs'), int32('throttleTimeMs')],
})

export const renewDelegationToken = api({
  key: 39,
  name: 'RenewDelegationToken',
  request: renewDelegationTokenRequest,
  response: renewDelegationTokenResponse,
})

export type RenewDelegationTokenRequest = Decoded<typeof renewDelegationTokenRequest>
export type RenewDelegationTokenRequestBody = Encodable<typeof renewDelegationTokenRequest>

export type RenewDelegationTokenResponse = Decoded<typeof renewDelegationTokenResponse>
export type RenewDelegationTokenResponseBody = Encodable<typeof renewDelegationTokenResponse>
