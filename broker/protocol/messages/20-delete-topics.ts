import { api, array, type Decoded, type Encodable, int16, int32, message, string, uuid } from '../schema.ts'

export const deleteTopicsRequest = message({
  api: 20,
  versions: '1-6',
  flexible: '4+',
  fields: [
    array('topics', [string('name', { nullable: '6+', default: null }), uuid('topicId')], { versions: '6+' }),
    array('topicNames', 'string', { versions: '1-5' }),
    int32('timeoutMs'),
  ],
})

export const deleteTopicsResponse = message({
  api: 20,
  versions: '1-6',
  flexible: '4+',
  fields: [
    int32('throttleTimeMs'),
    array('responses', [
      string('name', { nullable: '6+' }),
      uuid('topicId', { versions: '6+' }),
      int16('errorCode'),
      string('errorMessage', { versions: '5+', nullable: '5+', default: null }),
    ]),
  ],
})

export const deleteTopics = api({
  key: 20,
  name: 'DeleteTopics',
  request: deleteTopicsRequest,
  response: deleteTopicsResponse,
})

export type DeleteTopicsRequest = Decoded<typeof deleteTopicsRequest>
export type DeleteTopicsRequestBody = Encodable<typeof deleteTopicsRequest>

export type DeleteTopicsResponse = Decoded<typeof deleteTopicsResponse>
export type DeleteTopicsResponseBody = Encodable<typeof deleteTopicsResponse>
export type DeletableTopicResultBody = DeleteTopicsResponseBody['responses'][number]
