import { api, array, type Decoded, type Encodable, int16, message, string } from '../schema.ts'

export const saslHandshakeRequest = message({
  api: 17,
  versions: '0-1',
  flexible: 'none',
  fields: [string('mechanism')],
})

export const saslHandshakeResponse = message({
  api: 17,
  versions: '0-1',
  flexible: 'none',
  fields: [int16('errorCode'), array('mechanisms', 'string')],
})

export const saslHandshake = api({
  key: 17,
  name: 'SaslHandshake',
  request: saslHandshakeRequest,
  response: saslHandshakeResponse,
})

export type SaslHandshakeRequest = Decoded<typeof saslHandshakeRequest>
export type SaslHandshakeRequestBody = Encodable<typeof saslHandshakeRequest>

export type SaslHandshakeResponse = Decoded<typeof saslHandshakeResponse>
export type SaslHandshakeResponseBody = Encodable<typeof saslHandshakeResponse>
