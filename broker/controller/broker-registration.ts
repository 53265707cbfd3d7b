import type { MetadataRecordBody } from '../metadata/records.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { BrokerRegistrationRequest } from '../protocol/messages/62-broker-registration.ts'
import { retireBroker, retireUncleanBroker } from './broker-leadership.ts'
import type { ControllerState, Decision } from './controller-state.ts'

/**
 * `nextOffset` becomes the broker's epoch. A new process (incarnation) takes an id over only when the old one is gone;
 * it starts fenced, and is out of every ISR: it has to catch up first. The same process registering again keeps its epoch.
 */
export function registerBroker(
  state: ControllerState,
  request: BrokerRegistrationRequest,
  known: { nextOffset: number; hasSession: boolean },
): Decision<{ brokerEpoch: number }> {
  const { brokerId, incarnationId, clusterId } = request
  if (clusterId !== state.image.clusterId) {
    throw new KafkaError(
      errorCodes.INCONSISTENT_CLUSTER_ID,
      `Expected cluster ID ${state.image.clusterId}, but got cluster ID ${clusterId}`,
    )
  }
  const existing = state.image.brokers.get(brokerId)
  const isSameProcess = existing?.incarnationId === incarnationId
  if (existing !== undefined && !isSameProcess && known.hasSession && !existing.isShuttingDown) {
    throw new KafkaError(
      errorCodes.DUPLICATE_BROKER_REGISTRATION,
      'Another broker is registered with that broker id. If the broker was recently restarted this should self-resolve ' +
        "once the heartbeat manager expires the broker's session.",
    )
  }
  const brokerEpoch = existing !== undefined && isSameProcess ? existing.epoch : known.nextOffset
  const registration: MetadataRecordBody = {
    type: 'RegisterBrokerRecord',
    brokerId,
    incarnationId,
    brokerEpoch,
    endPoints: request.listeners,
    features: request.features,
    rack: request.rack,
    logDirs: request.logDirs,
    fenced: isSameProcess ? existing.isFenced : true,
    inControlledShutdown: isSameProcess ? existing.isShuttingDown : false,
  }
  if (isSameProcess) return { records: [registration], response: { brokerEpoch } }
  // KIP-966: after a clean shutdown a broker still knows the epoch that it was stopped in.
  const isClean = existing?.epoch === request.previousBrokerEpoch
  const retired = isClean ? retireBroker(state, brokerId) : retireUncleanBroker(state, brokerId)
  return { records: [...retired, registration], response: { brokerEpoch } }
}

/** Throws when a request comes from an earlier process, or an earlier registration, of a broker. */
export function requireBrokerEpoch(state: ControllerState, brokerId: number, brokerEpoch: number): void {
  const broker = state.image.brokers.get(brokerId)
  if (broker === undefined) {
    const message = `No broker registration found for broker id ${brokerId}`
    throw new KafkaError(errorCodes.BROKER_ID_NOT_REGISTERED, message)
  }
  if (broker.epoch !== brokerEpoch) {
    const message = `Expected broker epoch ${broker.epoch}, but got broker epoch ${brokerEpoch}`
    throw new KafkaError(errorCodes.STALE_BROKER_EPOCH, message)
  }
}
