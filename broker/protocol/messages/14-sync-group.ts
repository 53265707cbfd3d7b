import { api, array, bytes, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const syncGroupRequest = message({
  api: 14,
  versions: '0-5',
  flexible: '4+',
  fields: [
    string('groupId'),
    int32('generationId'),
    string('memberId'),
    string('groupInstanceId', { versions: '3+', nullable: '3+', default: null }),
    string('protocolType', { versions: '5+', nullable: '5+', default: null }),
    string('protocolName', { versions: '5+', nullable: '5+', default: null }),
    array('assignments', [string('memberId'), bytes('assignment')]),
  ],
})

export const syncGroupResponse = message({
  api: 14,
  versions: '0-5',
  flexible: '4+',
  fields: [
    int32('throttleTimeMs', { versions: '1+' }),
    int16('errorCode'),
    string('protocolType', { versions: '5+', nullable: '5+', default: null }),
    string('protocolName', { versions: '5+', nullable: '5+', default: null }),
    bytes('assignment'),
  ],
})

export const syncGroup = api({ key: 14, name: 'SyncGroup', request: syncGroupRequest, response: syncGroupResponse })

export type SyncGroupRequest = Decoded<typeof syncGroupRequest>
export type SyncGroupRequestBody = Encodable<typeof syncGroupRequest>

export type SyncGroupResponse = Decoded<typeof syncGroupResponse>
export type SyncGroupResponseBody = Encodable<typeof syncGroupResponse>
