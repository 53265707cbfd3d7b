import { api, array, bool, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const describeConfigsRequest = message({
  api: 32,
  versions: '1-4',
  flexible: '4+',
  fields: [
    array('resources', [
      int8('resourceType'),
      string('resourceName'),
      array('configurationKeys', 'string', { nullable: '0+' }),
    ]),
    bool('includeSynonyms', { default: false }),
    bool('includeDocumentation', { versions: '3+', default: false }),
  ],
})

export const describeConfigsResponse = message({
  api: 32,
  versions: '1-4',
  flexible: '4+',
  fields: [
    int32('throttleTimeMs'),
    array('results', [
      int16('errorCode'),
      string('errorMessage', { nullable: '0+' }),
      int8('resourceType'),
      string('resourceName'),
      array('configs', [
        string('name'),
        string('value', { nullable: '0+' }),
        bool('readOnly'),
        int8('configSource', { default: -1 }),
        bool('isSensitive'),
        array('synonyms', [string('name'), string('value', { nullable: '0+' }), int8('source')]),
        int8('configType', { versions: '3+', default: 0 }),
        string('documentation', { versions: '3+', nullable: '0+' }),
      ]),
    ]),
  ],
})

export const describeConfigs = api({
  key: 32,
  name: 'DescribeConfigs',
  request: describeConfigsRequest,
  response: describeConfigsResponse,
})

export type DescribeConfigsRequest = Decoded<typeof describeConfigsRequest>
export type DescribeConfigsRequestBody = Encodable<typeof describeConfigsRequest>
export type DescribeConfigsResource = DescribeConfigsRequest['resources'][number]

export type DescribeConfigsResponse = Decoded<typeof describeConfigsResponse>
export type DescribeConfigsResponseBody = Encodable<typeof describeConfigsResponse>
export type DescribeConfigsResultBody = DescribeConfigsResponseBody['results'][number]
