import { api, array, bool, bytes, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const describeGroupsRequest = message({
  api: 15,
  versions: '0-6',
  flexible: '5+',
  fields: [array('groups', 'string'), bool('includeAuthorizedOperations', { versions: '3+' })],
})

export const describeGroupsResponse = message({
  api: 15,
  versions: '0-6',
  flexible: '5+',
  fields: [
    int32('throttleTimeMs', { versions: '1+' }),
    array('groups', [
      int16('errorCode'),
      string('errorMessage', { versions: '6+', nullable: '6+', default: null }),
      string('groupId'),
      string('groupState'),
      string('protocolType'),
      string('protocolData'),
      array('members', [
        string('memberId'),
        string('groupInstanceId', { versions: '4+', nullable: '4+', default: null }),
        string('clientId'),
        string('clientHost'),
        bytes('memberMetadata'),
        bytes('memberAssignment'),
      ]),
      int32('authorizedOperations', { versions: '3+', default: -2147483648 }),
    ]),
  ],
})

export const describeGroups = api({
  key: 15,
  name: 'DescribeGroups',
  request: describeGroupsRequest,
  response: describeGroupsResponse,
})

export type DescribeGroupsRequest = Decoded<typeof describeGroupsRequest>
export type DescribeGroupsRequestBody = Encodable<typeof describeGroupsRequest>

export type DescribeGroupsResponse = Decoded<typeof describeGroupsResponse>
export type DescribeGroupsResponseBody = Encodable<typeof describeGroupsResponse>
export type DescribedGroupBody = DescribeGroupsResponseBody['groups'][number]
export type DescribedGroupMemberBody = DescribedGroupBody['members'][number]
