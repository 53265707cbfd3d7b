import { api, array, bool, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const incrementalAlterConfigsRequest = message({
  api: 44,
  versions: '0-1',
  flexible: '1+',
  fields: [
    array('resources', [
      int8('resourceType'),
      string('resourceName'),
      array('configs', [string('name'), int8('configOperation'), string('value', { nullable: '0+' })]),
    ]),
    bool('validateOnly'),
  ],
})

export const incrementalAlterConfigsResponse = message({
  api: 44,
  versions: '0-1',
  flexible: '1+',
  fields: [
    int32('throttleTimeMs'),
    array('responses', [
      int16('errorCode'),
      string('errorMessage', { nullable: '0+' }),
      int8('resourceType'),
      string('resourceName'),
    ]),
  ],
})

export const incrementalAlterConfigs = api({
  key: 44,
  name: 'IncrementalAlterConfigs',
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
})

export type IncrementalAlterConfigsRequest = Decoded<typeof incrementalAlterConfigsRequest>
export type IncrementalAlterConfigsRequestBody = Encodable<typeof incrementalAlterConfigsRequest>

export type IncrementalAlterConfigsResponse = Decoded<typeof incrementalAlterConfigsResponse>
export type IncrementalAlterConfigsResponseBody = Encodable<typeof incrementalAlterConfigsResponse>
