import { api, array, bytes, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const createDelegationTokenRequest = message({
  api: 38,
  versions: '1-3',
  flexible: '2+',
  fields: [
    string('ownerPrincipalType', { versions: '3+', nullable: '3+' }),
    string('ownerPrincipalName', { versions: '3+', nullable: '3+' }),
    array('renewers', [string('principalType'), string('principalName')]),
    int64('maxLifetimeMs'),
  ],
})

export const createDelegationTokenResponse = message({
  api: 38,
  versions: '1-3',
  flexible: '2+',
  fields: [
    int16('errorCode'),
    string('principalType'),
    string('principalName'),
    string('tokenRequesterPrincipalType', { versions: '3+' }),
    string('tokenRequesterPrincipalName', { versions: '3+' }),
    int64('issueTimestampMs'),
    int64('expiryTimestampMs'),
    int64('maxTimestampMs'),
    string('tokenId'),
    bytes('hmac'),
    int32('throttleTimeMs'),
  ],
})

export const createDelegationToken = api({
  key: 38,
  name: 'CreateDelegationToken',
  request: createDelegationTokenRequest,
  response: createDelegationTokenResponse,
})

export type CreateDelegationTokenRequest = Decoded<typeof createDelegationTokenRequest>
export type CreateDelegationTokenRequestBody = Encodable<typeof createDelegationTokenRequest>

export type CreateDelegationTokenResponse = Decoded<typeof createDelegationTokenResponse>
export type CreateDelegationTokenResponseBody = Encodable<typeof createDelegationTokenResponse>
