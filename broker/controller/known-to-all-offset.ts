import type { BrokerLiveness } from './broker-liveness.ts'
import { type ControllerState, isActive } from './controller-state.ts'

/** How far the slowest active broker has read the metadata log, as far as it has told. Infinity when there is none. */
export function knownToAllOffset({ image }: ControllerState, liveness: BrokerLiveness): number {
  const active = [...image.brokers.values()].filter(isActive)
  return Math.min(...active.map(({ id }) => liveness.metadataOffset(id)))
}
