import { api, bytes, type Decoded, type Encodable, int16, message } from '../schema.ts'

export const envelopeRequest = message({
  api: 58,
  versions: '0',
  flexible: '0+',
  fields: [bytes('requestData'), bytes('requestPrincipal', { nullable: '0+' }), bytes('clientHostAddress')],
})

export const envelopeResponse = message({
  api: 58,
  versions: '0',
  flexible: '0+',
  fields: [bytes('responseData', { nullable: '0+', default: null }), int16('errorCode')],
})

export const envelope = api({ key: 58, name: 'Envelope', request: envelopeRequest, response: envelopeResponse })

export type EnvelopeRequest = Decoded<typeof envelopeRequest>
export type EnvelopeRequestBody = Encodable<typeof envelopeRequest>

export type EnvelopeResponse = Decoded<typeof envelopeResponse>
export type EnvelopeResponseBody = Encodable<typeof envelopeResponse>
