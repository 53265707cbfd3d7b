import { api, array, bool, bytes, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const joinGroupRequest = message({
  api: 11,
  versions: '0-9',
  flexible: '6+',
  fields: [
    string('groupId'),
    int32('sessionTimeoutMs'),
    int32('rebalanceTimeoutMs', { versions: '1+', default: -1 }),
    string('memberId'),
    string('groupInstanceId', { versions: '5+', nullable: '5+', default: null }),
    string('protocolType'),
    array('protocols', [string('name'), bytes('metadata')]),
    string('reason', { versions: '8+', nullable: '8+', default: null }),
  ],
})

export const joinGroupResponse = message({
  api: 11,
  versions: '0-9',
  flexible: '6+',
  fields: [
    int32('throttleTimeMs', { versions: '2+' }),
    int16('errorCode'),
    int32('generationId', { default: -1 }),
    string('protocolType', { versions: '7+', nullable: '7+', default: null }),
    string('protocolName', { nullable: '7+' }),
    string('leader'),
    bool('skipAssignment', { versions: '9+', default: false }),
    string('memberId'),
    array('members', [
      string('memberId'),
      string('groupInstanceId', { versions: '5+', nullable: '5+', default: null }),
      bytes('metadata'),
    ]),
  ],
})

export const joinGroup = api({ key: 11, name: 'JoinGroup', request: joinGroupRequest, response: joinGroupResponse })

export type JoinGroupRequest = Decoded<typeof joinGroupRequest>
export type JoinGroupRequestBody = Encodable<typeof joinGroupRequest>

export type JoinGroupResponse = Decoded<typeof joinGroupResponse>
export type JoinGroupResponseBody = Encodable<typeof joinGroupResponse>
