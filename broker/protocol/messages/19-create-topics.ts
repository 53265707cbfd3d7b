import { api, array, bool, type Decoded, type Encodable, int8, int16, int32, message, string, uuid } from '../schema.ts'

export const createTopicsRequest = message({
  api: 19,
  versions: '2-7',
  flexible: '5+',
  fields: [
    array('topics', [
      string('name'),
      int32('numPartitions'),
      int16('replicationFactor'),
      array('assignments', [int32('partitionIndex'), array('brokerIds', 'int32')]),
      array('configs', [string('name'), string('value', { nullable: '0+' })]),
    ]),
    int32('timeoutMs', { default: 60000 }),
    bool('validateOnly', { default: false }),
  ],
})

export const createTopicsResponse = message({
  api: 19,
  versions: '2-7',
  flexible: '5+',
  fields: [
    int32('throttleTimeMs'),
    array('topics', [
      string('name'),
      uuid('topicId', { versions: '7+' }),
      int16('errorCode'),
      string('errorMessage', { nullable: '0+' }),
      int16('topicConfigErrorCode', { versions: '5+', tag: 0 }),
      int32('numPartitions', { versions: '5+', default: -1 }),
      int16('replicationFactor', { versions: '5+', default: -1 }),
      array(
        'configs',
        [
          string('name'),
          string('value', { nullable: '5+' }),
          bool('readOnly'),
          int8('configSource', { default: -1 }),
          bool('isSensitive'),
        ],
        { versions: '5+', nullable: '5+' },
      ),
    ]),
  ],
})

export const createTopics = api({
  key: 19,
  name: 'CreateTopics',
  request: createTopicsRequest,
  response: createTopicsResponse,
})

export type CreateTopicsRequest = Decoded<typeof createTopicsRequest>
export type CreateTopicsRequestBody = Encodable<typeof createTopicsRequest>
export type CreatableTopic = CreateTopicsRequest['topics'][number]

export type CreateTopicsResponse = Decoded<typeof createTopicsResponse>
export type CreateTopicsResponseBody = Encodable<typeof createTopicsResponse>
export type CreatableTopicResultBody = CreateTopicsResponseBody['topics'][number]
