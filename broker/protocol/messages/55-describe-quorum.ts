import {
  api,
  array,
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

const replicaState = [
  int32('replicaId'),
  uuid('replicaDirectoryId', { versions: '2+' }),
  int64('logEndOffset'),
  int64('lastFetchTimestamp', { versions: '1+', default: -1 }),
  int64('lastCaughtUpTimestamp', { versions: '1+', default: -1 }),
] as const

export const describeQuorumRequest = message({
  api: 55,
  versions: '0-2',
  flexible: '0+',
  fields: [array('topics', [string('topicName'), array('partitions', [int32('partitionIndex')])])],
})

export const describeQuorumResponse = message({
  api: 55,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int16('errorCode'),
    string('errorMessage', { versions: '2+', nullable: '2+' }),
    array('topics', [
      string('topicName'),
      array('partitions', [
        int32('partitionIndex'),
        int16('errorCode'),
        string('errorMessage', { versions: '2+', nullable: '2+' }),
        int32('leaderId'),
        int32('leaderEpoch'),
        int64('highWatermark'),
        array('currentVoters', replicaState),
        array('observers', replicaState),
      ]),
    ]),
    array('nodes', [int32('nodeId'), array('listeners', [string('name'), string('host'), uint16('port')])], {
      versions: '2+',
    }),
  ],
})

export const describeQuorum = api({
  key: 55,
  name: 'DescribeQuorum',
  request: describeQuorumRequest,
  response: describeQuorumResponse,
})

export type DescribeQuorumRequest = Decoded<typeof describeQuorumRequest>
export type DescribeQuorumRequestBody = Encodable<typeof describeQuorumRequest>

export type DescribeQuorumResponse = Decoded<typeof describeQuorumResponse>
export type DescribeQuorumResponseBody = Encodable<typeof describeQuorumResponse>
export type Node = DescribeQuorumResponse['nodes'][number]
export type Listener = Node['listeners'][number]
export type TopicDataBody = DescribeQuorumResponseBody['topics'][number]
export type PartitionDataBody = TopicDataBody['partitions'][number]
export type ReplicaStateBody = PartitionDataBody['currentVoters'][number]
