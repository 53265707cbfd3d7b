import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const offsetForLeaderEpochRequest = message({
  api: 23,
  versions: '2-4',
  flexible: '4+',
  fields: [
    int32('replicaId', { versions: '3+', default: -2 }),
    array('topics', [
      string('topic'),
      array('partitions', [int32('partition'), int32('currentLeaderEpoch', { default: -1 }), int32('leaderEpoch')]),
    ]),
  ],
})

export const offsetForLeaderEpochResponse = message({
  api: 23,
  versions: '2-4',
  flexible: '4+',
  fields: [
    int32('throttleTimeMs'),
    array('topics', [
      string('topic'),
      array('partitions', [
        int16('errorCode'),
        int32('partition'),
        int32('leaderEpoch', { default: -1 }),
        int64('endOffset', { default: -1 }),
      ]),
    ]),
  ],
})

export const offsetForLeaderEpoch = api({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  request: offsetForLeaderEpochRequest,
  response: offsetForLeaderEpochResponse,
})

export type OffsetForLeaderEpochRequest = Decoded<typeof offsetForLeaderEpochRequest>
export type OffsetForLeaderEpochRequestBody = Encodable<typeof offsetForLeaderEpochRequest>
export type OffsetForLeaderTopic = OffsetForLeaderEpochRequest['topics'][number]
export type OffsetForLeaderPartition = OffsetForLeaderTopic['partitions'][number]

export type OffsetForLeaderEpochResponse = Decoded<typeof offsetForLeaderEpochResponse>
export type OffsetForLeaderEpochResponseBody = Encodable<typeof offsetForLeaderEpochResponse>
export type OffsetForLeaderTopicResultBody = OffsetForLeaderEpochResponseBody['topics'][number]
export type EpochEndOffsetBody = OffsetForLeaderTopicResultBody['partitions'][number]
