import { api, array, bool, type Decoded, type Encodable, float64, int16, int32, message, string } from '../schema.ts'

export const alterClientQuotasRequest = message({
  api: 49,
  versions: '0-1',
  flexible: '1+',
  fields: [
    array('entries', [
      array('entity', [string('entityType'), string('entityName', { nullable: '0+' })]),
      array('ops', [string('key'), float64('value'), bool('remove')]),
    ]),
    bool('validateOnly'),
  ],
})

export const alterClientQuotasResponse = message({
  api: 49,
  versions: '0-1',
  flexible: '1+',
  fields: [
    int32('throttleTimeMs'),
    array('entries', [
      int16('errorCode'),
      string('errorMessage', { nullable: '0+' }),
      array('entity', [string('entityType'), string('entityName', { nullable: '0+' })]),
    ]),
  ],
})

export const alterClientQuotas = api({
  key: 49,
  name: 'AlterClientQuotas',
  request: alterClientQuotasRequest,
  response: alterClientQuotasResponse,
})

export type AlterClientQuotasRequest = Decoded<typeof alterClientQuotasRequest>
export type AlterClientQuotasRequestBody = Encodable<typeof alterClientQuotasRequest>

export type AlterClientQuotasResponse = Decoded<typeof alterClientQuotasResponse>
export type AlterClientQuotasResponseBody = Encodable<typeof alterClientQuotasResponse>
