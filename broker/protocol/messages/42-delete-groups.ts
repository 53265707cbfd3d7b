import { api, array, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const deleteGroupsRequest = message({
  api: 42,
  versions: '0-2',
  flexible: '2+',
  fields: [array('groupsNames', 'string')],
})

export const deleteGroupsResponse = message({
  api: 42,
  versions: '0-2',
  flexible: '2+',
  fields: [int32('throttleTimeMs'), array('results', [string('groupId'), int16('errorCode')])],
})

export const deleteGroups = api({
  key: 42,
  name: 'DeleteGroups',
  request: deleteGroupsRequest,
  response: deleteGroupsResponse,
})

export type DeleteGroupsRequest = Decoded<typeof deleteGroupsRequest>
export type DeleteGroupsRequestBody = Encodable<typeof deleteGroupsRequest>

export type DeleteGroupsResponse = Decoded<typeof deleteGroupsResponse>
export type DeleteGroupsResponseBody = Encodable<typeof deleteGroupsResponse>
