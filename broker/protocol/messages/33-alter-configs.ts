import { api, array, bool, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const alterConfigsRequest = message({
  api: 33,
  versions: '0-2',
  flexible: '2+',
  fields: [
    array('resources', [
      int8('resourceType'),
      string('resourceName'),
      array('configs', [string('name'), string('value', { nullable: '0+' })]),
    ]),
    bool('validateOnly'),
  ],
})

export const alterConfigsResponse = message({
  api: 33,
  versions: '0-2',
  flexible: '2+',
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

export const alterConfigs = api({
  key: 33,
  name: 'AlterConfigs',
  request: alterConfigsRequest,
  response: alterConfigsResponse,
})

export type AlterConfigsRequest = Decoded<typeof alterConfigsRequest>
export type AlterConfigsRequestBody = Encodable<typeof alterConfigsRequest>

export type AlterConfigsResponse = Decoded<typeof alterConfigsResponse>
export type AlterConfigsResponseBody = Encodable<typeof alterConfigsResponse>
