import type { BrokerImage } from '../metadata/broker-image.ts'
import type { MetadataImage } from '../metadata/image.ts'
import type { Partition } from './partition.ts'
import type { ReplicaFetcher } from './replica-fetcher.ts'

interface LeaderFetcher {
  readonly broker: BrokerImage
  readonly fetcher: ReplicaFetcher
  readonly partitions: Set<Partition>
}

/** One fetcher for each broker that leads something this broker follows, opened with its first partition. */
export class ReplicaFetchers {
  readonly #image: MetadataImage
  readonly #open: (leader: BrokerImage) => ReplicaFetcher
  readonly #byLeader = new Map<number, LeaderFetcher>()
  readonly #closing = new Set<Promise<void>>()

  constructor(image: MetadataImage, open: (leader: BrokerImage) => ReplicaFetcher) {
    this.#image = image
    this.#open = open
  }

  /** Follows the partition's present leader in its present epoch. Without a leader it waits for the next one. */
  follow(partition: Partition): void {
    this.unfollow(partition)
    const broker = this.#image.brokers.get(partition.leaderId)
    if (broker === undefined) return
    let leader = this.#byLeader.get(broker.id)
    if (leader === undefined) {
      leader = { broker, fetcher: this.#open(broker), partitions: new Set() }
      this.#byLeader.set(broker.id, leader)
    }
    leader.partitions.add(partition)
    leader.fetcher.follow(partition)
  }

  unfollow(partition: Partition): void {
    for (const leader of this.#byLeader.values()) {
      if (!leader.partitions.delete(partition)) continue
      leader.fetcher.unfollow(partition)
      if (leader.partitions.size === 0) this.#end(leader)
    }
  }

  /** A broker that registered with another address is connected to there. */
  noticeBroker(id: number): void {
    const leader = this.#byLeader.get(id)
    const broker = this.#image.brokers.get(id)
    if (leader === undefined || broker === undefined) return
    if (leader.broker.host === broker.host && leader.broker.port === broker.port) return
    this.#end(leader)
    for (const partition of leader.partitions) this.follow(partition)
  }

  async close(): Promise<void> {
    for (const leader of [...this.#byLeader.values()]) this.#end(leader)
    await Promise.all(this.#closing)
  }

  #end(leader: LeaderFetcher): void {
    this.#byLeader.delete(leader.broker.id)
    const closed = leader.fetcher.close().finally(() => this.#closing.delete(closed))
    this.#closing.add(closed)
  }
}
