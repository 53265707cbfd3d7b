import { api, array, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const deleteAclsRequest = message({
  api: 31,
  versions: '1-3',
  flexible: '2+',
  fields: [
    array('filters', [
      int8('resourceTypeFilter'),
      string('resourceNameFilter', { nullable: '0+' }),
      int8('patternTypeFilter', { default: 3 }),
      string('principalFilter', { nullable: '0+' }),
      string('hostFilter', { nullable: '0+' }),
      int8('operation'),
      int8('permissionType'),
    ]),
  ],
})

export const deleteAclsResponse = message({
  api: 31,
  versions: '1-3',
  flexible: '2+',
  fields: [
    int32('throttleTimeMs'),
    array('filterResults', [
      int16('errorCode'),
      string('errorMessage', { nullable: '0+' }),
      array('matchingAcls', [
        int16('errorCode'),
        string('errorMessage', { nullable: '0+' }),
        int8('resourceType'),
        string('resourceName'),
        int8('patternType', { default: 3 }),
        string('principal'),
        string('host'),
        int8('operation'),
        int8('permissionType'),
      ]),
    ]),
  ],
})

export const deleteAcls = api({ key: 31, name: 'DeleteAcls', request: deleteAclsRequest, response: deleteAclsResponse })

export type DeleteAclsRequest = Decoded<typeof deleteAclsRequest>
export type DeleteAclsRequestBody = Encodable<typeof deleteAclsRequest>

export type DeleteAclsResponse = Decoded<typeof deleteAclsResponse>
export type DeleteAclsResponseBody = Encodable<typeof deleteAclsResponse>
