import type { MetadataRecordBody } from '../metadata/records.ts'
import { automaticElection, type ControllerState, changePartitions, isActiveBroker } from './controller-state.ts'
import { noLeader } from './partition-change.ts'

/** Takes a broker out of every ISR and moves its leaderships; it keeps being eligible where too few remain in sync. */
export function retireBroker(state: ControllerState, brokerId: number): MetadataRecordBody[] {
  const canLead = (replica: number) => replica !== brokerId && isActiveBroker(state, replica)
  return changePartitions(state, (partition, topic) => {
    if (!partition.isr.includes(brokerId)) return undefined
    const targetIsr = partition.isr.filter((replica) => replica !== brokerId)
    return { canLead, targetIsr, election: automaticElection(state, topic) }
  })
}

/** The same for a broker that died without a clean shutdown and may have lost what it had acknowledged. */
export function retireUncleanBroker(state: ControllerState, brokerId: number): MetadataRecordBody[] {
  const canLead = (replica: number) => replica !== brokerId && isActiveBroker(state, replica)
  return changePartitions(state, (partition, topic) => {
    if (!partition.isr.includes(brokerId) && !partition.eligibleLeaderReplicas.includes(brokerId)) return undefined
    const targetIsr = partition.isr.filter((replica) => replica !== brokerId)
    return { canLead, targetIsr, uncleanReplica: brokerId, election: automaticElection(state, topic) }
  })
}

/** Gives leaders to partitions that have none, now that this broker may lead. */
function electWith(state: ControllerState, brokerId: number): MetadataRecordBody[] {
  const isStaying = state.image.brokers.get(brokerId)?.isShuttingDown === false
  const canLead = (replica: number) => (replica === brokerId ? isStaying : isActiveBroker(state, replica))
  return changePartitions(state, (partition, topic) =>
    partition.leader === noLeader ? { canLead, election: automaticElection(state, topic) } : undefined,
  )
}

/** Fences a broker: it disappears from metadata and can neither lead nor be in sync. */
export function fenceBroker(state: ControllerState, brokerId: number): MetadataRecordBody[] {
  return [...retireBroker(state, brokerId), registrationChange(state, brokerId, { fenced: 1 })]
}

export function unfenceBroker(state: ControllerState, brokerId: number): MetadataRecordBody[] {
  return [registrationChange(state, brokerId, { fenced: -1 }), ...electWith(state, brokerId)]
}

/** Moves everything away from a broker that wants to stop. It stays visible, and a follower, until it is told to. */
export function startControlledShutdown(state: ControllerState, brokerId: number): MetadataRecordBody[] {
  return [registrationChange(state, brokerId, { inControlledShutdown: 1 }), ...retireBroker(state, brokerId)]
}

/** In this record 0 means unchanged, 1 set and -1 cleared. */
function registrationChange(
  state: ControllerState,
  brokerId: number,
  change: { fenced?: number; inControlledShutdown?: number },
): MetadataRecordBody {
  const brokerEpoch = state.image.brokers.get(brokerId)?.epoch ?? -1
  return { type: 'BrokerRegistrationChangeRecord', brokerId, brokerEpoch, ...change }
}
