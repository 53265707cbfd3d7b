import { api, array, type Decoded, type Encodable, int8, int16, int32, int64, message, string } from '../schema.ts'

export const listOffsetsRequest = message({
  api: 2,
  versions: '1-11',
  flexible: '6+',
  fields: [
    int32('replicaId'),
    int8('isolationLevel', { versions: '2+' }),
    array('topics', [
      string('name'),
      array('partitions', [
        int32('partitionIndex'),
        int32('currentLeaderEpoch', { versions: '4+', default: -1 }),
        int64('timestamp'),
      ]),
    ]),
    int32('timeoutMs', { versions: '10+' }),
  ],
})

export const listOffsetsResponse = message({
  api: 2,
  versions: '1-11',
  flexible: '6+',
  fields: [
    int32('throttleTimeMs', { versions: '2+' }),
    array('topics', [
      string('name'),
      array('partitions', [
        int32('partitionIndex'),
        int16('errorCode'),
        int64('timestamp', { default: -1 }),
        int64('offset', { default: -1 }),
        int32('leaderEpoch', { versions: '4+', default: -1 }),
      ]),
    ]),
  ],
})

export const listOffsets = api({
  key: 2,
  name: 'ListOffsets',
  request: listOffsetsRequest,
  response: listOffsetsResponse,
})

export type ListOffsetsRequest = Decoded<typeof listOffsetsRequest>
export type ListOffsetsRequestBody = Encodable<typeof listOffsetsRequest>
export type ListOffsetsTopic = ListOffsetsRequest['topics'][number]
export type ListOffsetsPartition = ListOffsetsTopic['partitions'][number]

export type ListOffsetsResponse = Decoded<typeof listOffsetsResponse>
export type ListOffsetsResponseBody = Encodable<typeof listOffsetsResponse>
export type ListOffsetsTopicResponseBody = ListOffsetsResponseBody['topics'][number]
export type ListOffsetsPartitionResponseBody = ListOffsetsTopicResponseBody['partitions'][number]
