import {
  api,
  array,
  bool,
  type Decoded,
  type Encodable,
  int16,
  int32,
  message,
  string,
  uint16,
  uuid,
} from '../schema.ts'

export const addRaftVoterRequest = message({
  api: 80,
  versions: '0-1',
  flexible: '0+',
  fields: [
    string('clusterId', { nullable: '0+' }),
    int32('timeoutMs'),
    int32('voterId'),
    uuid('voterDirectoryId'),
    array('listeners', [string('name'), string('host'), uint16('port')]),
    bool('ackWhenCommitted', { versions: '1+', default: true }),
  ],
})

export const addRaftVoterResponse = message({
  api: 80,
  versions: '0-1',
  flexible: '0+',
  fields: [int32('throttleTimeMs'), int16('errorCode'), string('errorMessage', { nullable: '0+' })],
})

export const addRaftVoter = api({
  key: 80,
  name: 'AddRaftVoter',
  request: addRaftVoterRequest,
  response: addRaftVoterResponse,
})

export type AddRaftVoterRequest = Decoded<typeof addRaftVoterRequest>
export type AddRaftVoterRequestBody = Encodable<typeof addRaftVoterRequest>

export type AddRaftVoterResponse = Decoded<typeof addRaftVoterResponse>
export type AddRaftVoterResponseBody = Encodable<typeof addRaftVoterResponse>
