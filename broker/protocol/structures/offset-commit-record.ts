import { type Decoded, type Encodable, int32, int64, string, structure, uuid } from '../schema.ts'

export const offsetCommitKey = structure({
  name: 'OffsetCommitKey',
  recordType: 1,
  versions: '0',
  flexible: 'none',
  fields: [string('group'), string('topic'), int32('partition')],
})

export const offsetCommitValue = structure({
  name: 'OffsetCommitValue',
  recordType: 1,
  versions: '0-4',
  flexible: '4+',
  fields: [
    int64('offset'),
    int32('leaderEpoch', { versions: '3+', default: -1 }),
    string('metadata'),
    int64('commitTimestamp'),
    int64('expireTimestamp', { versions: '1', default: -1 }),
    uuid('topicId', { versions: '4+', tag: 0 }),
  ],
})

export type OffsetCommitKey = Decoded<typeof offsetCommitKey>
export type OffsetCommitKeyBody = Encodable<typeof offsetCommitKey>

export type OffsetCommitValue = Decoded<typeof offsetCommitValue>
export type OffsetCommitValueBody = Encodable<typeof offsetCommitValue>
