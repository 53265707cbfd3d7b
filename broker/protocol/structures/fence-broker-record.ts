import { type Decoded, type Encodable, int32, int64, structure } from '../schema.ts'

export const fenceBrokerRecord = structure({
  name: 'FenceBrokerRecord',
  recordType: 7,
  versions: '0',
  flexible: '0+',
  fields: [int32('id'), int64('epoch')],
})

export type FenceBrokerRecord = Decoded<typeof fenceBrokerRecord>
export type FenceBrokerRecordBody = Encodable<typeof fenceBrokerRecord>
