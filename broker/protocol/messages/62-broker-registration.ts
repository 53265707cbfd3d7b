import {
  api,
  array,
  bool,
  type Decoded,
  type Encodable,
  int16,
  int32,
  int64,
  message,
  string,
  uint16,
  uuid,
} from '../schema.ts'

export const brokerRegistrationRequest = message({
  api: 62,
  versions: '0-4',
  flexible: '0+',
  fields: [
    int32('brokerId'),
    string('clusterId'),
    uuid('incarnationId'),
    array('listeners', [string('name'), string('host'), uint16('port'), int16('securityProtocol')]),
    array('features', [string('name'), int16('minSupportedVersion'), int16('maxSupportedVersion')]),
    string('rack', { nullable: '0+' }),
    bool('isMigratingZkBroker', { versions: '1+', default: false }),
    array('logDirs', 'uuid', { versions: '2+' }),
    int64('previousBrokerEpoch', { versions: '3+', default: -1 }),
  ],
})

export const brokerRegistrationResponse = message({
  api: 62,
  versions: '0-4',
  flexible: '0+',
  fields: [int32('throttleTimeMs'), int16('errorCode'), int64('brokerEpoch', { default: -1 })],
})

export const brokerRegistration = api({
  key: 62,
  name: 'BrokerRegistration',
  request: brokerRegistrationRequest,
  response: brokerRegistrationResponse,
})

export type BrokerRegistrationRequest = Decoded<typeof brokerRegistrationRequest>
export type BrokerRegistrationRequestBody = Encodable<typeof brokerRegistrationRequest>

export type BrokerRegistrationResponse = Decoded<typeof brokerRegistrationResponse>
export type BrokerRegistrationResponseBody = Encodable<typeof brokerRegistrationResponse>
