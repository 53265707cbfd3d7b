import {
  api,
  array,
  type Decoded,
  type Encodable,
  int8,
  int16,
  int32,
  int64,
  int64Max,
  message,
  records,
  string,
  struct,
  uuid,
} from '../schema.ts'

export const fetchRequest = message({
  api: 1,
  versions: '4-18',
  flexible: '12+',
  fields: [
    string('clusterId', { versions: '12+', nullable: '12+', tag: 0, default: null }),
    int32('replicaId', { versions: '4-14', default: -1 }),
    struct('replicaState', [int32('replicaId', { default: -1 }), int64('replicaEpoch', { default: -1 })], {
      versions: '15+',
      tag: 1,
    }),
    int32('maxWaitMs'),
    int32('minBytes'),
    int32('maxBytes', { default: 0x7fffffff }),
    int8('isolationLevel', { default: 0 }),
    int32('sessionId', { versions: '7+', default: 0 }),
    int32('sessionEpoch', { versions: '7+', default: -1 }),
    array('topics', [
      string('topic', { versions: '4-12' }),
      uuid('topicId', { versions: '13+' }),
      array('partitions', [
        int32('partition'),
        int32('currentLeaderEpoch', { versions: '9+', default: -1 }),
        int64('fetchOffset'),
        int32('lastFetchedEpoch', { versions: '12+', default: -1 }),
        int64('logStartOffset', { versions: '5+', default: -1 }),
        int32('partitionMaxBytes'),
        uuid('replicaDirectoryId', { versions: '17+', tag: 0 }),
        int64('highWatermark', { versions: '18+', tag: 1, default: int64Max }),
      ]),
    ]),
    array(
      'forgottenTopicsData',
      [string('topic', { versions: '7-12' }), uuid('topicId', { versions: '13+' }), array('partitions', 'int32')],
      { versions: '7+' },
    ),
    string('rackId', { versions: '11+', default: '' }),
  ],
})

export const fetchResponse = message({
  api: 1,
  versions: '4-18',
  flexible: '12+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode', { versions: '7+' }),
    int32('sessionId', { versions: '7+', default: 0 }),
    array('responses', [
      string('topic', { versions: '4-12' }),
      uuid('topicId', { versions: '13+' }),
      array('partitions', [
        int32('partitionIndex'),
        int16('errorCode'),
        int64('highWatermark'),
        int64('lastStableOffset', { default: -1 }),
        int64('logStartOffset', { versions: '5+', default: -1 }),
        struct('divergingEpoch', [int32('epoch', { default: -1 }), int64('endOffset', { default: -1 })], {
          versions: '12+',
          tag: 0,
        }),
        struct('currentLeader', [int32('leaderId', { default: -1 }), int32('leaderEpoch', { default: -1 })], {
          versions: '12+',
          tag: 1,
        }),
        struct('snapshotId', [int64('endOffset', { default: -1 }), int32('epoch', { default: -1 })], {
          versions: '12+',
          tag: 2,
        }),
        array('abortedTransactions', [int64('producerId'), int64('firstOffset')], { nullable: '4+' }),
        int32('preferredReadReplica', { versions: '11+', default: -1 }),
        records('records', { nullable: '0+' }),
      ]),
    ]),
    array(
      'nodeEndpoints',
      [int32('nodeId'), string('host'), int32('port'), string('rack', { nullable: '16+', default: null })],
      { versions: '16+', tag: 0 },
    ),
  ],
})

export const fetch = api({ key: 1, name: 'Fetch', request: fetchRequest, response: fetchResponse })

export type FetchRequest = Decoded<typeof fetchRequest>
export type FetchRequestBody = Encodable<typeof fetchRequest>
export type FetchTopic = FetchRequest['topics'][number]
export type FetchPartition = FetchTopic['partitions'][number]

export type FetchResponse = Decoded<typeof fetchResponse>
export type FetchResponseBody = Encodable<typeof fetchResponse>
export type FetchableTopicResponse = FetchResponse['responses'][number]
export type PartitionData = FetchableTopicResponse['partitions'][number]
export type FetchableTopicResponseBody = FetchResponseBody['responses'][number]
export type PartitionDataBody = FetchableTopicResponseBody['partitions'][number]
