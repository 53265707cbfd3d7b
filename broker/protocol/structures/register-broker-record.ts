import {
  array,
  bool,
  type Decoded,
  type Encodable,
  int16,
  int32,
  int64,
  string,
  structure,
  uint16,
  uuid,
} from '../schema.ts'

export const registerBrokerRecord = structure({
  name: 'RegisterBrokerRecord',
  recordType: 0,
  versions: '0-4',
  flexible: '0+',
  fields: [
    int32('brokerId'),
    bool('isMigratingZkBroker', { versions: '2+', default: false }),
    uuid('incarnationId'),
    int64('brokerEpoch'),
    array('endPoints', [string('name'), string('host'), uint16('port'), int16('securityProtocol')]),
    array('features', [string('name'), int16('minSupportedVersion'), int16('maxSupportedVersion')]),
    string('rack', { nullable: '0+' }),
    bool('fenced', { default: true }),
    bool('inControlledShutdown', { versions: '1+', default: false }),
    array('logDirs', 'uuid', { versions: '3+', tag: 0 }),
    array('cordonedLogDirs', 'uuid', { versions: '4+', nullable: '4+', tag: 1, default: null }),
  ],
})

export type RegisterBrokerRecord = Decoded<typeof registerBrokerRecord>
export type RegisterBrokerRecordBody = Encodable<typeof registerBrokerRecord>
