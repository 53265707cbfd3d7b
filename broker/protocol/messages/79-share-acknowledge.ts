import {
  api,
  array,
  bool,
  type Decoded,
  type Encodable,
  int16,
  int32,
  int64,
  message,
  string,
  struct,
  uuid,
} from '../schema.ts'

export const shareAcknowledgeRequest = message({
  api: 79,
  versions: '1-2',
  flexible: '0+',
  fields: [
    string('groupId', { nullable: '0+', default: null }),
    string('memberId', { nullable: '0+' }),
    int32('shareSessionEpoch'),
    bool('isRenewAck', { versions: '2+', default: false }),
    array('topics', [
      uuid('topicId'),
      array('partitions', [
        int32('partitionIndex'),
        array('acknowledgementBatches', [int64('firstOffset'), int64('lastOffset'), array('acknowledgeTypes', 'int8')]),
      ]),
    ]),
  ],
})

export const shareAcknowledgeResponse = message({
  api: 79,
  versions: '1-2',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+', default: null }),
    int32('acquisitionLockTimeoutMs', { versions: '2+' }),
    array('responses', [
      uuid('topicId'),
      array('partitions', [
        int32('partitionIndex'),
        int16('errorCode'),
        string('errorMessage', { nullable: '0+', default: null }),
        struct('currentLeader', [int32('leaderId'), int32('leaderEpoch')]),
      ]),
    ]),
    array('nodeEndpoints', [
      int32('nodeId'),
      string('host'),
      int32('port'),
      string('rack', { nullable: '0+', default: null }),
    ]),
  ],
})

export const shareAcknowledge = api({
  key: 79,
  name: 'ShareAcknowledge',
  request: shareAcknowledgeRequest,
  response: shareAcknowledgeResponse,
})

export type ShareAcknowledgeRequest = Decoded<typeof shareAcknowledgeRequest>
export type ShareAcknowledgeRequestBody = Encodable<typeof shareAcknowledgeRequest>

export type ShareAcknowledgeResponse = Decoded<typeof shareAcknowledgeResponse>
export type ShareAcknowledgeResponseBody = Encodable<typeof shareAcknowledgeResponse>
