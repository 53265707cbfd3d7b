import { errorCodes } from '../protocol/errors.ts'
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponseBody,
} from '../protocol/messages/67-allocate-producer-ids.ts'
import { requireBrokerEpoch } from './broker-registration.ts'
import type { ControllerState, Decision } from './controller-state.ts'

/** As many as Kafka gives a broker at a time; what a broker does not use before it stops is lost. */
const producerIdBlockSize = 1_000

export function allocateProducerIds(
  state: ControllerState,
  request: AllocateProducerIdsRequest,
): Decision<AllocateProducerIdsResponseBody> {
  const { brokerId, brokerEpoch } = request
  requireBrokerEpoch(state, brokerId, brokerEpoch)
  const producerIdStart = state.image.nextProducerId
  const nextProducerId = producerIdStart + producerIdBlockSize
  return {
    records: [{ type: 'ProducerIdsRecord', brokerId, brokerEpoch, nextProducerId }],
    response: { throttleTimeMs: 0, errorCode: errorCodes.NONE, producerIdStart, producerIdLen: producerIdBlockSize },
  }
}
