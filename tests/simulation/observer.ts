import type { Broker } from '../../broker/broker.ts'
import type { Partition } from '../../broker/replication/partition.ts'
import type { Machine } from './machine.ts'
import type { BrokerSeat } from './simulated-cluster.ts'

interface Term {
  readonly leader: number
  highWatermark: number
  isr: string
}

/** Looks into all brokers at once, as nobody can from outside, and finds what may never be, however short. */
export class Observer {
  readonly #machine: Machine
  readonly #seats: readonly BrokerSeat[]
  /** By partition and leader epoch. */
  readonly #terms = new Map<string, Term>()
  readonly #metadataOffsets = new Map<Broker, number>()

  constructor(machine: Machine, seats: readonly BrokerSeat[]) {
    this.#machine = machine
    this.#seats = seats
  }

  look(): void {
    for (const { running, id } of this.#seats) {
      if (running === undefined) continue
      this.#checkMetadata(running, id)
      for (const partition of running.replicas.partitions())
        if (partition.isLeader) this.#checkLeader(partition, running, id)
    }
  }

  #checkMetadata(broker: Broker, id: number): void {
    const { offset } = broker.metadata
    const before = this.#metadataOffsets.get(broker) ?? 0
    if (offset < before) this.#machine.violate(`broker ${id}'s metadata went back from ${before} to ${offset}`)
    this.#metadataOffsets.set(broker, offset)
  }

  #checkLeader(partition: Partition, broker: Broker, id: number): void {
    const { topic, topicId, index, leaderEpoch, highWatermark } = partition
    const key = `${topicId}-${index}@${leaderEpoch}`
    const isr = partition.isr.join()
    let term = this.#terms.get(key)
    if (term?.isr !== isr) this.#tell(partition, id)
    if (term === undefined) {
      term = { leader: id, highWatermark, isr }
      this.#terms.set(key, term)
    }
    term.isr = isr
    if (term.leader !== id) {
      this.#machine.violate(`${topic}-${index}: brokers ${term.leader} and ${id} both led in epoch ${leaderEpoch}`)
    } else if (highWatermark < term.highWatermark) {
      const went = `went back from ${term.highWatermark} to ${highWatermark}`
      this.#machine.violate(`${topic}-${index}: the high watermark of broker ${id} ${went} in epoch ${leaderEpoch}`)
    } else term.highWatermark = highWatermark
    for (const member of partition.isr) this.#checkMember(partition, broker, id, member)
  }

  #tell({ topic, index, leaderEpoch, isr, highWatermark, logEndOffset }: Partition, id: number): void {
    const is = `is at ${logEndOffset}, high watermark ${highWatermark}, in sync ${isr.join()}`
    this.#machine.tell(`broker-${id}`, `leads ${topic}-${index} in epoch ${leaderEpoch}, ${is}`)
  }

  /** Whoever is in sync has everything below the high watermark, unless it was restarted since the leader heard of it. */
  #checkMember(partition: Partition, broker: Broker, leader: number, member: number): void {
    const follower = this.#seats.find((seat) => seat.id === member)?.running
    if (follower === undefined || member === leader) return
    const known = broker.metadata.image.brokers.get(member)?.epoch
    if (known !== follower.metadata.image.brokers.get(member)?.epoch) return
    const replica = follower.replicas.partitionById(partition.topicId, partition.index)
    if (replica === undefined || replica.leaderEpoch !== partition.leaderEpoch) return
    if (replica.logEndOffset < partition.highWatermark) {
      const has = `has ${replica.logEndOffset} records, the high watermark of broker ${leader} is ${partition.highWatermark}`
      this.#machine.violate(`${partition.topic}-${partition.index}: broker ${member} is in sync and ${has}`)
    }
  }
}
