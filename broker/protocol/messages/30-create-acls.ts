import { api, array, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const createAclsRequest = message({
  api: 30,
  versions: '1-3',
  flexible: '2+',
  fields: [
    array('creations', [
      int8('resourceType'),
      string('resourceName'),
      int8('resourcePatternType', { default: 3 }),
      string('principal'),
      string('host'),
      int8('operation'),
      int8('permissionType'),
    ]),
  ],
})

export const createAclsResponse = message({
  api: 30,
  versions: '1-3',
  flexible: '2+',
  fields: [int32('throttleTimeMs'), array('results', [int16('errorCode'), string('errorMessage', { nullable: '0+' })])],
})

export const createAcls = api({ key: 30, name: 'CreateAcls', request: createAclsRequest, response: createAclsResponse })

export type CreateAclsRequest = Decoded<typeof createAclsRequest>
export type CreateAclsRequestBody = Encodable<typeof createAclsRequest>

export type CreateAclsResponse = Decoded<typeof createAclsResponse>
export type CreateAclsResponseBody = Encodable<typeof createAclsResponse>
