import { type Decoded, type Encodable, int32, int64, structure } from '../schema.ts'

export const producerIdsRecord = structure({
  name: 'ProducerIdsRecord',
  recordType: 15,
  versions: '0',
  flexible: '0+',
  fields: [int32('brokerId'), int64('brokerEpoch', { default: -1 }), int64('nextProducerId')],
})

export type ProducerIdsRecord = Decoded<typeof producerIdsRecord>
export type ProducerIdsRecordBody = Encodable<typeof producerIdsRecord>
