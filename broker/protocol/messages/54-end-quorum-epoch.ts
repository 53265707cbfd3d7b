import { api, array, type Decoded, type Encodable, int16, int32, message, string, uint16, uuid } from '../schema.ts'

export const endQuorumEpochRequest = message({
  api: 54,
  versions: '0-1',
  flexible: '1+',
  fields: [
    string('clusterId', { nullable: '0+', default: null }),
    array('topics', [
      string('topicName'),
      array('partitions', [
        int32('partitionIndex'),
        int32('leaderId'),
        int32('leaderEpoch'),
        array('preferredSuccessors', 'int32', { versions: '0' }),
        array('preferredCandidates', [int32('candidateId'), uuid('candidateDirectoryId')], { versions: '1+' }),
      ]),
    ]),
    array('leaderEndpoints', [string('name'), string('host'), uint16('port')], { versions: '1+' }),
  ],
})

export const endQuorumEpochResponse = message({
  api: 54,
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

export const endQuorumEpoch = api({
  key: 54,
  name: 'EndQuorumEpoch',
  request: endQuorumEpochRequest,
  response: endQuorumEpochResponse,
})

export type EndQuorumEpochRequest = Decoded<typeof endQuorumEpochRequest>
export type EndQuorumEpochRequestBody = Encodable<typeof endQuorumEpochRequest>

export type EndQuorumEpochResponse = Decoded<typeof endQuorumEpochResponse>
export type EndQuorumEpochResponseBody = Encodable<typeof endQuorumEpochResponse>
