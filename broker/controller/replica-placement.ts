import type { BrokerImage } from '../metadata/broker-image.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { isActive } from './controller-state.ts'

/**
 * Chooses replicas for new partitions. Leaders go round the active brokers, from a random one; the other replicas follow
 * the leader at a distance that grows with each round, so that a broker's followers are spread too. Racks are used
 * evenly. Brokers that are not active are only taken when there are too few others, in whatever racks.
 */
export function placeReplicas(
  brokers: Iterable<BrokerImage>,
  request: { partitionCount: number; replicationFactor: number; random: () => number },
): number[][] {
  const { partitionCount, replicationFactor, random } = request
  const all = [...brokers].sort((a, b) => a.id - b.id)
  const active = alternateRacks(all.filter(isActive))
  const inactive = alternateRacks(all.filter((broker) => !isActive(broker)))
  requirePossible(replicationFactor, active.length, all.length)

  const start = Math.floor(random() * active.length)
  const shift = Math.floor(random() * active.length)
  const placements: number[][] = []
  for (let partition = 0; partition < partitionCount; partition++) {
    const round = Math.floor(partition / active.length)
    const leader = (start + partition) % active.length
    const order = followersInTurn(active, leader, shift + round)
    const placed = pickReplicas(order, Math.min(replicationFactor, active.length))
    placements.push([...placed, ...pickReplicas(inactive, replicationFactor - placed.length)])
  }
  return placements
}

function requirePossible(replicationFactor: number, activeCount: number, brokerCount: number): void {
  if (replicationFactor <= 0) {
    throw refused(`Invalid replication factor ${replicationFactor}: the replication factor must be positive.`)
  }
  if (activeCount === 0) {
    throw refused('All brokers are currently fenced, or have all their log directories cordoned.')
  }
  if (replicationFactor > brokerCount) {
    throw refused(
      `The target replication factor of ${replicationFactor} cannot be reached because only ${brokerCount} broker(s) ` +
        'are registered or some brokers have all their log directories cordoned.',
    )
  }
}

function refused(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_REPLICATION_FACTOR, message)
}

/** The first broker of each rack, then the second of each, and so on. */
function alternateRacks(brokers: readonly BrokerImage[]): BrokerImage[] {
  const racks = new Map<string | null, BrokerImage[]>()
  for (const broker of brokers) racks.set(broker.rack, [...(racks.get(broker.rack) ?? []), broker])
  const alternated: BrokerImage[] = []
  for (let i = 0; alternated.length < brokers.length; i++) {
    for (const rack of racks.values()) {
      const broker = rack[i]
      if (broker !== undefined) alternated.push(broker)
    }
  }
  return alternated
}

/** The leader, then the others from the one that is `shift` after it. */
function followersInTurn(brokers: readonly BrokerImage[], leader: number, shift: number): BrokerImage[] {
  const afterLeader = [...brokers.slice(leader + 1), ...brokers.slice(0, leader)]
  const first = afterLeader.length === 0 ? 0 : shift % afterLeader.length
  return [...brokers.slice(leader, leader + 1), ...afterLeader.slice(first), ...afterLeader.slice(0, first)]
}

/** In turn, but a rack that holds a replica waits until every other rack holds one. */
function pickReplicas(order: readonly BrokerImage[], replicationFactor: number): number[] {
  const replicas: number[] = []
  let waiting = order
  while (replicas.length < replicationFactor) {
    const usedRacks = new Set<string | null>()
    const passedOver: BrokerImage[] = []
    for (const broker of waiting) {
      if (replicas.length === replicationFactor || usedRacks.has(broker.rack)) {
        passedOver.push(broker)
        continue
      }
      replicas.push(broker.id)
      if (broker.rack !== null) usedRacks.add(broker.rack)
    }
    waiting = passedOver
  }
  return replicas
}
