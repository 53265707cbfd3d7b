import { api, type Decoded, type Encodable, int16, int32, message, string, uuid } from '../schema.ts'

export const removeRaftVoterRequest = message({
  api: 81,
  versions: '0',
  flexible: '0+',
  fields: [string('clusterId', { nullable: '0+' }), int32('voterId'), uuid('voterDirectoryId')],
})

export const removeRaftVoterResponse = message({
  api: 81,
  versions: '0',
  flexible: '0+',
  fields: [int32('throttleTimeMs'), int16('errorCode'), string('errorMessage', { nullable: '0+' })],
})

export const removeRaftVoter = api({
  key: 81,
  name: 'RemoveRaftVoter',
  request: removeRaftVoterRequest,
  response: removeRaftVoterResponse,
})

export type RemoveRaftVoterRequest = Decoded<typeof removeRaftVoterRequest>
export type RemoveRaftVoterRequestBody = Encodable<typeof removeRaftVoterRequest>

export type RemoveRaftVoterResponse = Decoded<typeof removeRaftVoterResponse>
export type RemoveRaftVoterResponseBody = Encodable<typeof removeRaftVoterResponse>
