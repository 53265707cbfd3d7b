import { api, array, type Decoded, type Encodable, int16, int32, message, string, struct, uuid } from '../schema.ts'

export const consumerGroupHeartbeatRequest = message({
  api: 68,
  versions: '0-1',
  flexible: '0+',
  fields: [
    string('groupId'),
    string('memberId'),
    int32('memberEpoch'),
    string('instanceId', { nullable: '0+', default: null }),
    string('rackId', { nullable: '0+', default: null }),
    int32('rebalanceTimeoutMs', { default: -1 }),
    array('subscribedTopicNames', 'string', { nullable: '0+', default: null }),
    string('subscribedTopicRegex', { versions: '1+', nullable: '1+', default: null }),
    string('serverAssignor', { nullable: '0+', default: null }),
    array('topicPartitions', [uuid('topicId'), array('partitions', 'int32')], { nullable: '0+', default: null }),
  ],
})

export const consumerGroupHeartbeatResponse = message({
  api: 68,
  versions: '0-1',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+', default: null }),
    string('memberId', { nullable: '0+', default: null }),
    int32('memberEpoch'),
    int32('heartbeatIntervalMs'),
    struct('assignment', [array('topicPartitions', [uuid('topicId'), array('partitions', 'int32')])], {
      nullable: '0+',
      default: null,
    }),
  ],
})

export const consumerGroupHeartbeat = api({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  request: consumerGroupHeartbeatRequest,
  response: consumerGroupHeartbeatResponse,
})

export type ConsumerGroupHeartbeatRequest = Decoded<typeof consumerGroupHeartbeatRequest>
export type ConsumerGroupHeartbeatRequestBody = Encodable<typeof consumerGroupHeartbeatRequest>

export type ConsumerGroupHeartbeatResponse = Decoded<typeof consumerGroupHeartbeatResponse>
export type ConsumerGroupHeartbeatResponseBody = Encodable<typeof consumerGroupHeartbeatResponse>
