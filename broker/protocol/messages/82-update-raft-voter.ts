import {
  api,
  array,
  type Decoded,
  type Encodable,
  int16,
  int32,
  message,
  string,
  struct,
  uint16,
  uuid,
} from '../schema.ts'

export const updateRaftVoterRequest = message({
  api: 82,
  versions: '0',
  flexible: '0+',
  fields: [
    string('clusterId', { nullable: '0+' }),
    int32('currentLeaderEpoch'),
    int32('voterId'),
    uuid('voterDirectoryId'),
    array('listeners', [string('name'), string('host'), uint16('port')]),
    struct('kRaftVersionFeature', [int16('minSupportedVersion'), int16('maxSupportedVersion')]),
  ],
})

export const updateRaftVoterResponse = message({
  api: 82,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    struct(
      'currentLeader',
      [int32('leaderId', { default: -1 }), int32('leaderEpoch', { default: -1 }), string('host'), int32('port')],
      { tag: 0 },
    ),
  ],
})

export const updateRaftVoter = api({
  key: 82,
  name: 'UpdateRaftVoter',
  request: updateRaftVoterRequest,
  response: updateRaftVoterResponse,
})

export type UpdateRaftVoterRequest = Decoded<typeof updateRaftVoterRequest>
export type UpdateRaftVoterRequestBody = Encodable<typeof updateRaftVoterRequest>

export type UpdateRaftVoterResponse = Decoded<typeof updateRaftVoterResponse>
export type UpdateRaftVoterResponseBody = Encodable<typeof updateRaftVoterResponse>
