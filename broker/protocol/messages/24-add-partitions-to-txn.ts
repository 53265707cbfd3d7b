import { api, array, bool, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

const addPartitionsToTxnTopic = [string('name'), array('partitions', 'int32')] as const

const addPartitionsToTxnTopicResult = [
  string('name'),
  array('resultsByPartition', [int32('partitionIndex'), int16('partitionErrorCode')]),
] as const

export const addPartitionsToTxnRequest = message({
  api: 24,
  versions: '0-5',
  flexible: '3+',
  fields: [
    array(
      'transactions',
      [
        string('transactionalId'),
        int64('producerId'),
        int16('producerEpoch'),
        bool('verifyOnly', { default: false }),
        array('topics', addPartitionsToTxnTopic),
      ],
      { versions: '4+' },
    ),
    string('v3AndBelowTransactionalId', { versions: '0-3' }),
    int64('v3AndBelowProducerId', { versions: '0-3' }),
    int16('v3AndBelowProducerEpoch', { versions: '0-3' }),
    array('v3AndBelowTopics', addPartitionsToTxnTopic, { versions: '0-3' }),
  ],
})

export const addPartitionsToTxnResponse = message({
  api: 24,
  versions: '0-5',
  flexible: '3+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode', { versions: '4+' }),
    array('resultsByTransaction', [string('transactionalId'), array('topicResults', addPartitionsToTxnTopicResult)], {
      versions: '4+',
    }),
    array('resultsByTopicV3AndBelow', addPartitionsToTxnTopicResult, { versions: '0-3' }),
  ],
})

export const addPartitionsToTxn = api({
  key: 24,
  name: 'AddPartitionsToTxn',
  request: addPartitionsToTxnRequest,
  response: addPartitionsToTxnResponse,
})

export type AddPartitionsToTxnRequest = Decoded<typeof addPartitionsToTxnRequest>
export type AddPartitionsToTxnRequestBody = Encodable<typeof addPartitionsToTxnRequest>

export type AddPartitionsToTxnResponse = Decoded<typeof addPartitionsToTxnResponse>
export type AddPartitionsToTxnResponseBody = Encodable<typeof addPartitionsToTxnResponse>
