import { api, array, type Decoded, type Encodable, int16, int32, message, string, struct, uuid } from '../schema.ts'

const topicPartitions = [uuid('topicId'), array('partitions', 'int32')] as const

export const shareGroupHeartbeatRequest = message({
  api: 76,
  versions: '1',
  flexible: '0+',
  fields: [
    string('groupId'),
    string('memberId'),
    int32('memberEpoch'),
    string('rackId', { nullable: '0+', default: null }),
    array('subscribedTopicNames', 'string', { nullable: '0+', default: null }),
  ],
})

export const shareGroupHeartbeatResponse = message({
  api: 76,
  versions: '1',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+', default: null }),
    string('memberId', { nullable: '0+', default: null }),
    int32('memberEpoch'),
    int32('heartbeatIntervalMs'),
    struct('assignment', [array('topicPartitions', topicPartitions)], { nullable: '0+', default: null }),
  ],
})

export const shareGroupHeartbeat = api({
  key: 76,
  name: 'ShareGroupHeartbeat',
  request: shareGroupHeartbeatRequest,
  response: shareGroupHeartbeatResponse,
})

export type ShareGroupHeartbeatRequest = Decoded<typeof shareGroupHeartbeatRequest>
export type ShareGroupHeartbeatRequestBody = Encodable<typeof shareGroupHeartbeatRequest>

export type ShareGroupHeartbeatResponse = Decoded<typeof shareGroupHeartbeatResponse>
export type ShareGroupHeartbeatResponseBody = Encodable<typeof shareGroupHeartbeatResponse>
