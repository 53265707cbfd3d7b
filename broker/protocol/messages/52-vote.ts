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
  uint16,
  uuid,
} from '../schema.ts'

export const voteRequest = message({
  api: 52,
  versions: '0-2',
  flexible: '0+',
  fields: [
    string('clusterId', { nullable: '0+', default: null }),
    int32('voterId', { versions: '1+', default: -1 }),
    array('topics', [
      string('topicName'),
      array('partitions', [
        int32('partitionIndex'),
        int32('replicaEpoch'),
        int32('replicaId'),
        uuid('replicaDirectoryId', { versions: '1+' }),
        uuid('voterDirectoryId', { versions: '1+' }),
        int32('lastOffsetEpoch'),
        int64('lastOffset'),
        bool('preVote', { versions: '2+' }),
      ]),
    ]),
  ],
})

export const voteResponse = message({
  api: 52,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int16('errorCode'),
    array('topics', [
      string('topicName'),
      array('partitions', [
        int32('partitionIndex'),
        int16('errorCode'),
        int32('leaderId'),
        int32('leaderEpoch'),
        bool('voteGranted'),
      ]),
    ]),
    array('nodeEndpoints', [int32('nodeId'), string('host'), uint16('port')], { versions: '1+', tag: 0 }),
  ],
})

export const vote = api({ key: 52, name: 'Vote', request: voteRequest, response: voteResponse })

export type VoteRequest = Decoded<typeof voteRequest>
export type VoteRequestBody = Encodable<typeof voteRequest>

export type VoteResponse = Decoded<typeof voteResponse>
export type VoteResponseBody = Encodable<typeof voteResponse>
