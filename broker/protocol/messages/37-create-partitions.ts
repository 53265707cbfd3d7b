import { api, array, bool, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const createPartitionsRequest = message({
  api: 37,
  versions: '0-3',
  flexible: '2+',
  fields: [
    array('topics', [
      string('name'),
      int32('count'),
      array('assignments', [array('brokerIds', 'int32')], { nullable: '0+' }),
    ]),
    int32('timeoutMs'),
    bool('validateOnly'),
  ],
})

export const createPartitionsResponse = message({
  api: 37,
  versions: '0-3',
  flexible: '2+',
  fields: [
    int32('throttleTimeMs'),
    array('results', [string('name'), int16('errorCode'), string('errorMessage', { nullable: '0+', default: null })]),
  ],
})

export const createPartitions = api({
  key: 37,
  name: 'CreatePartitions',
  request: createPartitionsRequest,
  response: createPartitionsResponse,
})

export type CreatePartitionsRequest = Decoded<typeof createPartitionsRequest>
export type CreatePartitionsRequestBody = Encodable<typeof createPartitionsRequest>
export type CreatePartitionsTopic = CreatePartitionsRequest['topics'][number]

export type CreatePartitionsResponse = Decoded<typeof createPartitionsResponse>
export type CreatePartitionsResponseBody = Encodable<typeof createPartitionsResponse>
export type CreatePartitionsTopicResultBody = CreatePartitionsResponseBody['results'][number]
