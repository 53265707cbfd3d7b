import { api, array, type Decoded, type Encodable, int16, int32, message, string, uint16, uuid } from '../schema.ts'

export const beginQuorumEpochRequest = message({
  api: 53,
  versions: '0-1',
  flexible: '1+',
  fields: [
    string('clusterId', { nullable: '0+', default: null }),
    int32('voterId', { versions: '1+', default: -1 }),
    array('topics', [
      string('topicName'),
      array('partitions', [
        int32('partitionIndex'),
        uuid('voterDirectoryId', { versions: '1+' }),
        int32('leaderId'),
        int32('leaderEpoch'),
      ]),
    ]),
    array('leaderEndpoints', [string('name'), string('host'), uint16('port')], { versions: '1+' }),
  ],
})

export const beginQuorumEpochResponse = message({
  api: 53,
  versions: '0-1',
  flexible: '1+',
  fields: [
    int16('errorCode'),
    array('topics', [
      string('topicName'),
      array('partitions', [int32('partitionIndex'), int16('errorCode'), int32('leaderId'), int32('leaderEpoch')]),
    ]),
    array('nodeEndpoints', [int32('nodeId'), string('host'), uint16('port')], { versions: '1+', tag: 0 }),
  ],
})

export const beginQuorumEpoch = api({
  key: 53,
  name: 'BeginQuorumEpoch',
  request: beginQuorumEpochRequest,
  response: beginQuorumEpochResponse,
})

export type BeginQuorumEpochRequest = Decoded<typeof beginQuorumEpochRequest>
export type BeginQuorumEpochRequestBody = Encodable<typeof beginQuorumEpochRequest>

export type BeginQuorumEpochResponse = Decoded<typeof beginQuorumEpochResponse>
export type BeginQuorumEpochResponseBody = Encodable<typeof beginQuorumEpochResponse>
