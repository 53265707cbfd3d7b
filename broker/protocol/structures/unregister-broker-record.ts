import { type Decoded, type Encodable, int32, int64, structure } from '../schema.ts'

export const unregisterBrokerRecord = structure({
  name: 'UnregisterBrokerRecord',
  recordType: 1,
  versions: '0',
  flexible: '0+',
  fields: [int32('brokerId'), int64('brokerEpoch')],
})

export type UnregisterBrokerRecord = Decoded<typeof unregisterBrokerRecord>
export type UnregisterBrokerRecordBody = Encodable<typeof unregisterBrokerRecord>
