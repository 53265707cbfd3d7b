import type { BrokerImage } from '../metadata/broker-image.ts'
import { errorCodes } from '../protocol/errors.ts'
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponseBody } from '../protocol/messages/63-broker-heartbeat.ts'
import { fenceBroker, startControlledShutdown, unfenceBroker } from './broker-leadership.ts'
import type { BrokerLiveness } from './broker-liveness.ts'
import { requireBrokerEpoch } from './broker-registration.ts'
import type { ControllerState, Decision } from './controller-state.ts'
import { knownToAllOffset } from './known-to-all-offset.ts'

type BrokerPhase = 'fenced' | 'unfenced' | 'controlledShutdown' | 'shutdownNow'

/** What a broker asks for, given what it is: Kafka's BrokerHeartbeatManager.calculateNextBrokerState. */
export function heartbeat(
  state: ControllerState,
  liveness: BrokerLiveness,
  request: BrokerHeartbeatRequest,
): Decision<BrokerHeartbeatResponseBody> {
  const { brokerId } = request
  requireBrokerEpoch(state, brokerId, request.brokerEpoch)
  const broker = state.image.brokers.get(brokerId)
  const current = broker === undefined ? 'fenced' : phaseOf(broker)
  const next = nextPhase(state, liveness, request, current)
  return {
    records: current === next ? [] : enter(state, brokerId, next),
    response: {
      throttleTimeMs: 0,
      errorCode: errorCodes.NONE,
      isCaughtUp: request.currentMetadataOffset >= request.brokerEpoch,
      isFenced: next === 'fenced' || next === 'shutdownNow',
      shouldShutDown: next === 'shutdownNow',
    },
  }
}

function phaseOf(broker: BrokerImage): BrokerPhase {
  if (broker.isFenced) return 'fenced'
  return broker.isShuttingDown ? 'controlledShutdown' : 'unfenced'
}

function nextPhase(
  state: ControllerState,
  liveness: BrokerLiveness,
  request: BrokerHeartbeatRequest,
  current: BrokerPhase,
): BrokerPhase {
  // A broker has one log directory: without it there is nothing that it could serve, or follow with.
  const wantFence = request.wantFence || request.offlineLogDirs.length > 0
  switch (current) {
    case 'fenced': {
      if (request.wantShutDown) return 'shutdownNow'
      // The broker's epoch is the offset of its registration: it must have seen at least that.
      const hasSeenItself = request.currentMetadataOffset >= request.brokerEpoch
      return !wantFence && hasSeenItself ? 'unfenced' : 'fenced'
    }
    case 'unfenced':
      if (wantFence) return request.wantShutDown ? 'shutdownNow' : 'fenced'
      if (!request.wantShutDown) return 'unfenced'
      return hasLeaderships(state, request.brokerId) ? 'controlledShutdown' : 'shutdownNow'
    case 'controlledShutdown': {
      const shutdownOffset = liveness.shutdownOffset(request.brokerId) ?? 0
      // Those that took leaderships over must know of it; a broker alone need not wait for anybody.
      const isKnownToAll = shutdownOffset <= knownToAllOffset(state, liveness)
      return !hasLeaderships(state, request.brokerId) && isKnownToAll ? 'shutdownNow' : 'controlledShutdown'
    }
    case 'shutdownNow':
      return 'shutdownNow'
  }
}

function enter(state: ControllerState, brokerId: number, phase: BrokerPhase) {
  switch (phase) {
    case 'fenced':
    case 'shutdownNow':
      return state.image.brokers.get(brokerId)?.isFenced ? [] : fenceBroker(state, brokerId)
    case 'unfenced':
      return unfenceBroker(state, brokerId)
    case 'controlledShutdown':
      return startControlledShutdown(state, brokerId)
  }
}

function hasLeaderships(state: ControllerState, brokerId: number): boolean {
  for (const topic of state.image.topics.values()) {
    if (topic.partitions.some((partition) => partition.leader === brokerId)) return true
  }
  return false
}
