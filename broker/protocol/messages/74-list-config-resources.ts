import { api, array, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const listConfigResourcesRequest = message({
  api: 74,
  versions: '0-1',
  flexible: '0+',
  fields: [array('resourceTypes', 'int8', { versions: '1+' })],
})

export const listConfigResourcesResponse = message({
  api: 74,
  versions: '0-1',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    array('configResources', [string('resourceName'), int8('resourceType', { versions: '1+', default: 16 })]),
  ],
})

export const listConfigResources = api({
  key: 74,
  name: 'ListConfigResources',
  request: listConfigResourcesRequest,
  response: listConfigResourcesResponse,
})

export type ListConfigResourcesRequest = Decoded<typeof listConfigResourcesRequest>
export type ListConfigResourcesRequestBody = Encodable<typeof listConfigResourcesRequest>

export type ListConfigResourcesResponse = Decoded<typeof listConfigResourcesResponse>
export type ListConfigResourcesResponseBody = Encodable<typeof listConfigResourcesResponse>
export type ConfigResourceBody = ListConfigResourcesResponseBody['configResources'][number]
