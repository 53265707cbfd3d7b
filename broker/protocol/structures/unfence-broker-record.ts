import { type Decoded, type Encodable, int32, int64, structure } from '../schema.ts'

export const unfenceBrokerRecord = structure({
  name: 'UnfenceBrokerRecord',
  recordType: 8,
  versions: '0',
  flexible: '0+',
  fields: [int32('id'), int64('epoch')],
})

export type UnfenceBrokerRecord = Decoded<typeof unfenceBrokerRecord>
export type UnfenceBrokerRecordBody = Encodable<typeof unfenceBrokerRecord>
