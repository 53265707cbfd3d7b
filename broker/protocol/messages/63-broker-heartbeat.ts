import { api, array, bool, type Decoded, type Encodable, int16, int32, int64, message } from '../schema.ts'

export const brokerHeartbeatRequest = message({
  api: 63,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int32('brokerId'),
    int64('brokerEpoch', { default: -1 }),
    int64('currentMetadataOffset'),
    bool('wantFence'),
    bool('wantShutDown'),
    array('offlineLogDirs', 'uuid', { versions: '1+', tag: 0 }),
    array('cordonedLogDirs', 'uuid', { versions: '2+', nullable: '2+', tag: 1, default: null }),
  ],
})

export const brokerHeartbeatResponse = message({
  api: 63,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    bool('isCaughtUp', { default: false }),
    bool('isFenced', { default: true }),
    bool('shouldShutDown'),
  ],
})

export const brokerHeartbeat = api({
  key: 63,
  name: 'BrokerHeartbeat',
  request: brokerHeartbeatRequest,
  response: brokerHeartbeatResponse,
})

export type BrokerHeartbeatRequest = Decoded<typeof brokerHeartbeatRequest>
export type BrokerHeartbeatRequestBody = Encodable<typeof brokerHeartbeatRequest>

export type BrokerHeartbeatResponse = Decoded<typeof brokerHeartbeatResponse>
export type BrokerHeartbeatResponseBody = Encodable<typeof brokerHeartbeatResponse>
