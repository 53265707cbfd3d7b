import { api, array, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const txnOffsetCommitRequest = message({
  api: 28,
  versions: '0-5',
  flexible: '3+',
  fields: [
    string('transactionalId'),
    string('groupId'),
    int64('producerId'),
    int16('producerEpoch'),
    int32('generationIdOrMemberEpoch', { versions: '3+', default: -1 }),
    string('memberId', { versions: '3+', default: '' }),
    string('groupInstanceId', { versions: '3+', nullable: '3+', default: null }),
    array('topics', [
      string('name'),
      array('partitions', [
        int32('partitionIndex'),
        int64('committedOffset'),
        int32('committedLeaderEpoch', { versions: '2+', default: -1 }),
        string('committedMetadata', { nullable: '0+' }),
      ]),
    ]),
  ],
})

export const txnOffsetCommitResponse = message({
  api: 28,
  versions: '0-5',
  flexible: '3+',
  fields: [
    int32('throttleTimeMs'),
    array('topics', [string('name'), array('partitions', [int32('partitionIndex'), int16('errorCode')])]),
  ],
})

export const txnOffsetCommit = api({
  key: 28,
  name: 'TxnOffsetCommit',
  request: txnOffsetCommitRequest,
  response: txnOffsetCommitResponse,
})

export type TxnOffsetCommitRequest = Decoded<typeof txnOffsetCommitRequest>
export type TxnOffsetCommitRequestBody = Encodable<typeof txnOffsetCommitRequest>

export type TxnOffsetCommitResponse = Decoded<typeof txnOffsetCommitResponse>
export type TxnOffsetCommitResponseBody = Encodable<typeof txnOffsetCommitResponse>
