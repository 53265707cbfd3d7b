import { api, array, bytes, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const describeDelegationTokenRequest = message({
  api: 41,
  versions: '1-3',
  flexible: '2+',
  fields: [array('owners', [string('principalType'), string('principalName')], { nullable: '0+' })],
})

export const describeDelegationTokenResponse = message({
  api: 41,
  versions: '1-3',
  flexible: '2+',
  fields: [
    int16('errorCode'),
    array('tokens', [
      string('principalType'),
      string('principalName'),
      string('tokenRequesterPrincipalType', { versions: '3+' }),
      string('tokenRequesterPrincipalName', { versions: '3+' }),
      int64('issueTimestamp'),
      int64('expiryTimestamp'),
      int64('maxTimestamp'),
      string('tokenId'),
      bytes('hmac'),
      array('renewers', [string('principalType'), string('principalName')]),
    ]),
    int32('throttleTimeMs'),
  ],
})

export const describeDelegationToken = api({
  key: 41,
  name: 'DescribeDelegationToken',
  request: describeDelegationTokenRequest,
  response: describeDelegationTokenResponse,
})

export type DescribeDelegationTokenRequest = Decoded<typeof describeDelegationTokenRequest>
export type DescribeDelegationTokenRequestBody = Encodable<typeof describeDelegationTokenRequest>

export type DescribeDelegationTokenResponse = Decoded<typeof describeDelegationTokenResponse>
export type DescribeDelegationTokenResponseBody = Encodable<typeof describeDelegationTokenResponse>
