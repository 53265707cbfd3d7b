import { api, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const heartbeatRequest = message({
  api: 12,
  versions: '0-4',
  flexible: '4+',
  fields: [
    string('groupId'),
    int32('generationId'),
    string('memberId'),
    string('groupInstanceId', { versions: '3+', nullable: '3+', default: null }),
  ],
})

export const heartbeatResponse = message({
  api: 12,
  versions: '0-4',
  flexible: '4+',
  fields: [int32('throttleTimeMs', { versions: '1+' }), int16('errorCode')],
})

export const heartbeat = api({ key: 12, name: 'Heartbeat', request: heartbeatRequest, response: heartbeatResponse })

export type HeartbeatRequest = Decoded<typeof heartbeatRequest>
export type HeartbeatRequestBody = Encodable<typeof heartbeatRequest>

export type HeartbeatResponse = Decoded<typeof heartbeatResponse>
export type HeartbeatResponseBody = Encodable<typeof heartbeatResponse>
