import { api, array, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const leaveGroupRequest = message({
  api: 13,
  versions: '0-5',
  flexible: '4+',
  fields: [
    string('groupId'),
    string('memberId', { versions: '0-2' }),
    array(
      'members',
      [
        string('memberId'),
        string('groupInstanceId', { nullable: '3+', default: null }),
        string('reason', { versions: '5+', nullable: '5+', default: null }),
      ],
      { versions: '3+' },
    ),
  ],
})

export const leaveGroupResponse = message({
  api: 13,
  versions: '0-5',
  flexible: '4+',
  fields: [
    int32('throttleTimeMs', { versions: '1+' }),
    int16('errorCode'),
    array('members', [string('memberId'), string('groupInstanceId', { nullable: '3+' }), int16('errorCode')], {
      versions: '3+',
    }),
  ],
})

export const leaveGroup = api({ key: 13, name: 'LeaveGroup', request: leaveGroupRequest, response: leaveGroupResponse })

export type LeaveGroupRequest = Decoded<typeof leaveGroupRequest>
export type LeaveGroupRequestBody = Encodable<typeof leaveGroupRequest>
export type MemberIdentity = LeaveGroupRequest['members'][number]

export type LeaveGroupResponse = Decoded<typeof leaveGroupResponse>
export type LeaveGroupResponseBody = Encodable<typeof leaveGroupResponse>
export type MemberResponseBody = NonNullable<LeaveGroupResponseBody['members']>[number]
