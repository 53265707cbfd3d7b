import { api, bytes, type Decoded, type Encodable, int16, int64, message, string } from '../schema.ts'

export const saslAuthenticateRequest = message({
  api: 36,
  versions: '0-2',
  flexible: '2+',
  fields: [bytes('authBytes')],
})

export const saslAuthenticateResponse = message({
  api: 36,
  versions: '0-2',
  flexible: '2+',
  fields: [
    int16('errorCode'),
    string('errorMessage', { nullable: '0+' }),
    bytes('authBytes'),
    int64('sessionLifetimeMs', { versions: '1+', default: 0 }),
  ],
})

export const saslAuthenticate = api({
  key: 36,
  name: 'SaslAuthenticate',
  request: saslAuthenticateRequest,
  response: saslAuthenticateResponse,
})

export type SaslAuthenticateRequest = Decoded<typeof saslAuthenticateRequest>
export type SaslAuthenticateRequestBody = Encodable<typeof saslAuthenticateRequest>

export type SaslAuthenticateResponse = Decoded<typeof saslAuthenticateResponse>
export type SaslAuthenticateResponseBody = Encodable<typeof saslAuthenticateResponse>
