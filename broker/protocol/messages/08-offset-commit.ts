import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string, uuid } from '../schema.ts'

export const offsetCommitRequest = message({
  api: 8,
  versions: '2-10',
  flexible: '8+',
  fields: [
    string('groupId'),
    int32('generationIdOrMemberEpoch', { default: -1 }),
    string('memberId'),
    string('groupInstanceId', { versions: '7+', nullable: '7+', default: null }),
    int64('retentionTimeMs', { versions: '2-4', default: -1 }),
    array('topics', [
      string('name', { versions: '2-9' }),
      uuid('topicId', { versions: '10+' }),
      array('partitions', [
        int32('partitionIndex'),
        int64('committedOffset'),
        int32('committedLeaderEpoch', { versions: '6+', default: -1 }),
        string('committedMetadata', { nullable: '0+' }),
      ]),
    ]),
  ],
})

export const offsetCommitResponse = message({
  api: 8,
  versions: '2-10',
  flexible: '8+',
  fields: [
    int32('throttleTimeMs', { versions: '3+' }),
    array('topics', [
      string('name', { versions: '2-9' }),
      uuid('topicId', { versions: '10+' }),
      array('partitions', [int32('partitionIndex'), int16('errorCode')]),
    ]),
  ],
})

export const offsetCommit = api({
  key: 8,
  name: 'OffsetCommit',
  request: offsetCommitRequest,
  response: offsetCommitResponse,
})

export type OffsetCommitRequest = Decoded<typeof offsetCommitRequest>
export type OffsetCommitRequestBody = Encodable<typeof offsetCommitRequest>
export type OffsetCommitRequestTopic = OffsetCommitRequest['topics'][number]
export type OffsetCommitRequestPartition = OffsetCommitRequestTopic['partitions'][number]

export type OffsetCommitResponse = Decoded<typeof offsetCommitResponse>
export type OffsetCommitResponseBody = Encodable<typeof offsetCommitResponse>
