import {
  api,
  array,
  type Decoded,
  type Encodable,
  int16,
  int32,
  int64,
  message,
  records,
  string,
  struct,
  uuid,
} from '../schema.ts'

export const produceRequest = message({
  api: 0,
  versions: '3-13',
  flexible: '9+',
  fields: [
    string('transactionalId', { nullable: '3+', default: null }),
    int16('acks'),
    int32('timeoutMs'),
    array('topicData', [
      string('name', { versions: '3-12' }),
      uuid('topicId', { versions: '13+' }),
      array('partitionData', [int32('index'), records('records', { nullable: '0+' })]),
    ]),
  ],
})

export const produceResponse = message({
  api: 0,
  versions: '3-13',
  flexible: '9+',
  fields: [
    array('responses', [
      string('name', { versions: '3-12' }),
      uuid('topicId', { versions: '13+' }),
      array('partitionResponses', [
        int32('index'),
        int16('errorCode'),
        int64('baseOffset'),
        int64('logAppendTimeMs', { default: -1 }),
        int64('logStartOffset', { versions: '5+', default: -1 }),
        array(
          'recordErrors',
          [int32('batchIndex'), string('batchIndexErrorMessage', { nullable: '8+', default: null })],
          { versions: '8+' },
        ),
        string('errorMessage', { versions: '8+', nullable: '8+', default: null }),
        struct('currentLeader', [int32('leaderId', { default: -1 }), int32('leaderEpoch', { default: -1 })], {
          versions: '10+',
          tag: 0,
        }),
      ]),
    ]),
    int32('throttleTimeMs', { default: 0 }),
    array(
      'nodeEndpoints',
      [int32('nodeId'), string('host'), int32('port'), string('rack', { nullable: '10+', default: null })],
      { versions: '10+', tag: 0 },
    ),
  ],
})

export const produce = api({ key: 0, name: 'Produce', request: produceRequest, response: produceResponse })

export type ProduceRequest = Decoded<typeof produceRequest>
export type ProduceRequestBody = Encodable<typeof produceRequest>
export type TopicProduceData = ProduceRequest['topicData'][number]
export type PartitionProduceData = TopicProduceData['partitionData'][number]

export type ProduceResponse = Decoded<typeof produceResponse>
export type ProduceResponseBody = Encodable<typeof produceResponse>
export type TopicProduceResponseBody = ProduceResponseBody['responses'][number]
export type PartitionProduceResponseBody = TopicProduceResponseBody['partitionResponses'][number]
export type LeaderIdAndEpochBody = NonNullable<PartitionProduceResponseBody['currentLeader']>
export type NodeEndpointBody = NonNullable<ProduceResponseBody['nodeEndpoints']>[number]
