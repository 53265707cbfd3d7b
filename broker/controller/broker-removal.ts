import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type {
  UnregisterBrokerRequest,
  UnregisterBrokerResponseBody,
} from '../protocol/messages/64-unregister-broker.ts'
import { retireUncleanBroker } from './broker-leadership.ts'
import type { ControllerState, Decision } from './controller-state.ts'

/** Forgets a broker that will not come back. One that still runs registers again. Throws BROKER_ID_NOT_REGISTERED. */
export function unregisterBroker(
  state: ControllerState,
  { brokerId }: UnregisterBrokerRequest,
): Decision<UnregisterBrokerResponseBody> {
  const broker = state.image.brokers.get(brokerId)
  if (broker === undefined) {
    throw new KafkaError(errorCodes.BROKER_ID_NOT_REGISTERED, `Broker ID ${brokerId} is not currently registered`)
  }
  return {
    records: [
      ...retireUncleanBroker(state, brokerId),
      { type: 'UnregisterBrokerRecord', brokerId, brokerEpoch: broker.epoch },
    ],
    response: { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null },
  }
}
