import type { PartitionImage } from '../../broker/metadata/partition-image.ts'
import type { Trouble } from './history.ts'
import type { Machine } from './machine.ts'
import type { BrokerSeat, MetadataOnDisk } from './simulated-cluster.ts'
import { nature } from './timeline.ts'

/** Lets troubles befall brokers, and ends them; but none after which Kafka itself would not keep its promises. */
export class Troubles {
  readonly #machine: Machine
  readonly #seats: readonly BrokerSeat[]
  readonly #metadata: MetadataOnDisk

  constructor(machine: Machine, seats: readonly BrokerSeat[], metadata: MetadataOnDisk) {
    this.#machine = machine
    this.#seats = seats
    this.#metadata = metadata
  }

  befall(trouble: Trouble): void {
    switch (trouble.kind) {
      case 'kill':
        this.#down(this.#seat(trouble.broker), trouble.downMs, (seat) => this.#kill(seat))
        break
      case 'losePower':
        this.#down(this.#seat(trouble.broker), trouble.downMs, (seat) => {
          if (this.#canLosePower(seat)) seat.losePower()
          else this.#kill(seat)
        })
        break
      case 'stop':
        this.#stop(this.#seat(trouble.broker), trouble.downMs)
        break
      case 'killAll':
        for (const seat of this.#seats) this.#down(seat, trouble.downMs, (each) => this.#kill(each))
        break
      case 'pause':
        this.#seat(trouble.broker).process.pause(trouble.forMs)
        break
      case 'cut':
        this.#cut(trouble.from, trouble.to, trouble.bothWays, trouble.forMs)
        break
      case 'isolate':
        for (const { id } of this.#seats) if (id !== trouble.broker) this.#cut(trouble.broker, id, true, trouble.forMs)
        break
      case 'slowLink':
        this.#slowLink(trouble.from, trouble.to, trouble.extraMs, trouble.forMs)
        break
      case 'slowDisk':
        this.#slowDisk(this.#seat(trouble.broker), trouble.extraMs, trouble.forMs)
        break
      case 'failDisk':
        this.#failDisk(this.#seat(trouble.broker), trouble.failures, trouble.forMs)
        break
    }
  }

  #down(seat: BrokerSeat, downMs: number, end: (seat: BrokerSeat) => void): void {
    if (!seat.isRunning) return
    end(seat)
    this.#startLater(seat, downMs)
  }

  #kill(seat: BrokerSeat): void {
    if (this.#canKill(seat)) seat.kill()
  }

  #stop(seat: BrokerSeat, downMs: number): void {
    seat.stop()
    this.#startLater(seat, downMs)
  }

  /** As soon as it is down, and so long after. */
  #startLater(seat: BrokerSeat, downMs: number): void {
    this.#later(downMs, () => {
      if (seat.isRunning && seat.isStopping) this.#startLater(seat, 100)
      else seat.start()
    })
  }

  #cut(fromId: number, toId: number, bothWays: boolean, forMs: number): void {
    // Broken for the processes that are there; those that start later have wires of their own.
    const [from, to] = [this.#seat(fromId).process, this.#seat(toId).process]
    const { network } = this.#machine
    network.cut(from, to)
    if (bothWays) network.cut(to, from)
    this.#later(forMs, () => {
      network.heal(from, to)
      network.heal(to, from)
    })
  }

  #slowLink(fromId: number, toId: number, extraMs: number, forMs: number): void {
    const [from, to] = [this.#seat(fromId).process, this.#seat(toId).process]
    this.#machine.network.slowDown(from, to, extraMs)
    this.#later(forMs, () => this.#machine.network.heal(from, to))
  }

  #slowDisk({ process }: BrokerSeat, slowMs: number, forMs: number): void {
    this.#machine.disk.trouble(process, { slowMs, writeFailures: 0, readFailures: 0 })
    this.#later(forMs, () => this.#machine.disk.trouble(process, undefined))
  }

  #failDisk(seat: BrokerSeat, failures: number, forMs: number): void {
    const { process } = seat
    seat.hasDiskTrouble = true
    this.#machine.disk.trouble(process, { slowMs: 0, writeFailures: failures, readFailures: failures / 10 })
    this.#later(forMs, () => this.#machine.disk.trouble(process, undefined))
  }

  #later(delayMs: number, run: () => void): void {
    this.#machine.timeline.after(delayMs, nature, run)
  }

  #seat(id: number): BrokerSeat {
    const seat = this.#seats[id - 1]
    if (seat === undefined) throw new RangeError(`No broker ${id}`)
    return seat
  }

  /**
   * Kafka promises nothing when all who have acknowledged a record lose what they have not synced. And since a controller
   * cannot tell who has, all who did not shut down in good order count as such when they come back (KIP-966).
   */
  #canLosePower(seat: BrokerSeat): boolean {
    return this.#placesOf(seat).every((partition) => this.#hasOtherIntact(partition, seat))
  }

  #canKill(seat: BrokerSeat): boolean {
    return this.#placesOf(seat).every((partition) => {
      return this.#hasOtherIntact(partition, seat) || !partition.replicas.some((id) => this.#isWounded(partition, id))
    })
  }

  #hasOtherIntact(partition: PartitionImage, seat: BrokerSeat): boolean {
    return [...partition.isr, ...partition.eligibleLeaderReplicas].some((id) => {
      const { isRunning, hasLostPower } = this.#seat(id)
      return id !== seat.id && isRunning && !hasLostPower
    })
  }

  /** It lost its power and has not caught up since. */
  #isWounded({ isr }: PartitionImage, id: number): boolean {
    const { hasLostPower, hasEverLostPower } = this.#seat(id)
    return hasLostPower || (hasEverLostPower && !isr.includes(id))
  }

  /** Partitions that a broker may be needed for; those that only it has may lose their records anyway. */
  #placesOf(seat: BrokerSeat): PartitionImage[] {
    const partitions = [...this.#metadata.read().topics.values()].flatMap((topic) => topic.partitions)
    return partitions.filter((partition) => partition.replicas.length > 1 && mayLead(partition, seat.id))
  }
}

/** Without an unclean election. The last leader may when nobody else is left, or all others were killed (KIP-966). */
function mayLead({ isr, eligibleLeaderReplicas, lastKnownElr }: PartitionImage, id: number): boolean {
  return [isr, eligibleLeaderReplicas, lastKnownElr].some((ids) => ids.includes(id))
}
