import {
  api,
  array,
  bool,
  type Decoded,
  type Encodable,
  float64,
  int8,
  int16,
  int32,
  message,
  string,
} from '../schema.ts'

export const describeClientQuotasRequest = message({
  api: 48,
  versions: '0-1',
  flexible: '1+',
  fields: [
    array('components', [string('entityType'), int8('matchType'), string('match', { nullable: '0+' })]),
    bool('strict'),
  ],
})

export const describeClientQuotasResponse = message({
  api: 48,
  versions: '0-1',
  flexible: '1+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+' }),
    array(
      'entries',
      [
        array('entity', [string('entityType'), string('entityName', { nullable: '0+' })]),
        array('values', [string('key'), float64('value')]),
      ],
      { nullable: '0+' },
    ),
  ],
})

export const describeClientQuotas = api({
  key: 48,
  name: 'DescribeClientQuotas',
  request: describeClientQuotasRequest,
  response: describeClientQuotasResponse,
})

export type DescribeClientQuotasRequest = Decoded<typeof describeClientQuotasRequest>
export type DescribeClientQuotasRequestBody = Encodable<typeof describeClientQuotasRequest>

export type DescribeClientQuotasResponse = Decoded<typeof describeClientQuotasResponse>
export type DescribeClientQuotasResponseBody = Encodable<typeof describeClientQuotasResponse>
