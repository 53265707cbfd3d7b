import { array, type Decoded, type Encodable, int8, int32, int64, structure } from '../schema.ts'

export const brokerRegistrationChangeRecord = structure({
  name: 'BrokerRegistrationChangeRecord',
  recordType: 17,
  versions: '0-3',
  flexible: '0+',
  fields: [
    int32('brokerId'),
    int64('brokerEpoch'),
    int8('fenced', { tag: 0 }),
    int8('inControlledShutdown', { versions: '1+', tag: 1 }),
    array('logDirs', 'uuid', { versions: '2+', tag: 2 }),
    array('cordonedLogDirs', 'uuid', { versions: '3+', nullable: '3+', tag: 3, default: null }),
  ],
})

export type BrokerRegistrationChangeRecord = Decoded<typeof brokerRegistrationChangeRecord>
export type BrokerRegistrationChangeRecordBody = Encodable<typeof brokerRegistrationChangeRecord>
