import { api, array, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const describeAclsRequest = message({
  api: 29,
  versions: '1-3',
  flexible: '2+',
  fields: [
    int8('resourceTypeFilter'),
    string('resourceNameFilter', { nullable: '0+' }),
    int8('patternTypeFilter', { default: 3 }),
    string('principalFilter', { nullable: '0+' }),
    string('hostFilter', { nullable: '0+' }),
    int8('operation'),
    int8('permissionType'),
  ],
})

export const describeAclsResponse = message({
  api: 29,
  versions: '1-3',
  flexible: '2+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+' }),
    array('resources', [
      int8('resourceType'),
      string('resourceName'),
      int8('patternType', { default: 3 }),
      array('acls', [string('principal'), string('host'), int8('operation'), int8('permissionType')]),
    ]),
  ],
})

export const describeAcls = api({
  key: 29,
  name: 'DescribeAcls',
  request: describeAclsRequest,
  response: describeAclsResponse,
})

export type DescribeAclsRequest = Decoded<typeof describeAclsRequest>
export type DescribeAclsRequestBody = Encodable<typeof describeAclsRequest>

export type DescribeAclsResponse = Decoded<typeof describeAclsResponse>
export type DescribeAclsResponseBody = Encodable<typeof describeAclsResponse>
