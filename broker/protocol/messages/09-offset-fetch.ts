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
  uuid,
} from '../schema.ts'

export const offsetFetchRequest = message({
  api: 9,
  versions: '1-10',
  flexible: '6+',
  fields: [
    string('groupId', { versions: '1-7' }),
    array('topics', [string('name'), array('partitionIndexes', 'int32')], { versions: '1-7', nullable: '2-7' }),
    array(
      'groups',
      [
        string('groupId'),
        string('memberId', { versions: '9+', nullable: '9+', default: null }),
        int32('memberEpoch', { versions: '9+', default: -1 }),
        array(
          'topics',
          [
            string('name', { versions: '8-9' }),
            uuid('topicId', { versions: '10+' }),
            array('partitionIndexes', 'int32'),
          ],
          { nullable: '8+' },
        ),
      ],
      { versions: '8+' },
    ),
    bool('requireStable', { versions: '7+', default: false }),
  ],
})

export const offsetFetchResponse = message({
  api: 9,
  versions: '1-10',
  flexible: '6+',
  fields: [
    int32('throttleTimeMs', { versions: '3+' }),
    array(
      'topics',
      [
        string('name'),
        array('partitions', [
          int32('partitionIndex'),
          int64('committedOffset'),
          int32('committedLeaderEpoch', { versions: '5+', default: -1 }),
          string('metadata', { nullable: '0-7' }),
          int16('errorCode'),
        ]),
      ],
      { versions: '1-7' },
    ),
    int16('errorCode', { versions: '2-7', default: 0 }),
    array(
      'groups',
      [
        string('groupId'),
        array('topics', [
          string('name', { versions: '8-9' }),
          uuid('topicId', { versions: '10+' }),
          array('partitions', [
            int32('partitionIndex'),
            int64('committedOffset'),
            int32('committedLeaderEpoch', { default: -1 }),
            string('metadata', { nullable: '8+' }),
            int16('errorCode'),
          ]),
        ]),
        int16('errorCode', { default: 0 }),
      ],
      { versions: '8+' },
    ),
  ],
})

export const offsetFetch = api({
  key: 9,
  name: 'OffsetFetch',
  request: offsetFetchRequest,
  response: offsetFetchResponse,
})

export type OffsetFetchRequest = Decoded<typeof offsetFetchRequest>
export type OffsetFetchRequestBody = Encodable<typeof offsetFetchRequest>
export type OffsetFetchRequestTopic = NonNullable<OffsetFetchRequest['topics']>[number]

export type OffsetFetchResponse = Decoded<typeof offsetFetchResponse>
export type OffsetFetchResponseBody = Encodable<typeof offsetFetchResponse>
export type OffsetFetchResponseGroupBody = NonNullable<OffsetFetchResponseBody['groups']>[number]
export type OffsetFetchResponseTopicsBody = OffsetFetchResponseGroupBody['topics'][number]
export type OffsetFetchResponsePartitionsBody = OffsetFetchResponseTopicsBody['partitions'][number]
