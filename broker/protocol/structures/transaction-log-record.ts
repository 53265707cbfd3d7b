import { array, type Decoded, type Encodable, int8, int16, int32, int64, string, structure } from '../schema.ts'

export const transactionLogKey = structure({
  name: 'TransactionLogKey',
  recordType: 0,
  versions: '0',
  flexible: 'none',
  fields: [string('transactionalId')],
})

export const transactionLogValue = structure({
  name: 'TransactionLogValue',
  recordType: 0,
  versions: '0-1',
  flexible: '1+',
  fields: [
    int64('producerId'),
    int64('previousProducerId', { versions: '1+', tag: 0, default: -1 }),
    int64('nextProducerId', { versions: '1+', tag: 1, default: -1 }),
    int16('producerEpoch'),
    int16('nextProducerEpoch', { versions: '1+', tag: 3, default: -1 }),
    int32('transactionTimeoutMs'),
    int8('transactionStatus'),
    array('transactionPartitions', [string('topic'), array('partitionIds', 'int32')], { nullable: '0+' }),
    int64('transactionLastUpdateTimestampMs'),
    int64('transactionStartTimestampMs'),
    int16('clientTransactionVersion', { versions: '1+', tag: 2, default: 0 }),
  ],
})

export type TransactionLogKey = Decoded<typeof transactionLogKey>
export type TransactionLogKeyBody = Encodable<typeof transactionLogKey>

export type TransactionLogValue = Decoded<typeof transactionLogValue>
export type TransactionLogValueBody = Encodable<typeof transactionLogValue>
