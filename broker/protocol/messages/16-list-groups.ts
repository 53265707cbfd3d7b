import { api, array, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const listGroupsRequest = message({
  api: 16,
  versions: '0-5',
  flexible: '3+',
  fields: [array('statesFilter', 'string', { versions: '4+' }), array('typesFilter', 'string', { versions: '5+' })],
})

export const listGroupsResponse = message({
  api: 16,
  versions: '0-5',
  flexible: '3+',
  fields: [
    int32('throttleTimeMs', { versions: '1+' }),
    int16('errorCode'),
    array('groups', [
      string('groupId'),
      string('protocolType'),
      string('groupState', { versions: '4+' }),
      string('groupType', { versions: '5+' }),
    ]),
  ],
})

export const listGroups = api({ key: 16, name: 'ListGroups', request: listGroupsRequest, response: listGroupsResponse })

export type ListGroupsRequest = Decoded<typeof listGroupsRequest>
export type ListGroupsRequestBody = Encodable<typeof listGroupsRequest>

export type ListGroupsResponse = Decoded<typeof listGroupsResponse>
export type ListGroupsResponseBody = Encodable<typeof listGroupsResponse>
export type ListedGroupBody = ListGroupsResponseBody['groups'][number]
