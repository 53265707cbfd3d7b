import type { BrokerImage, MetadataImage } from '../metadata/image.ts'
import type { LeaderIdAndEpochBody, NodeEndpointBody } from '../protocol/messages/00-produce.ts'

/**
 * Tells clients that asked a broker which is not the leader who is, so that they need no Metadata request (KIP-951). One
 * for each response.
 */
export class LeaderHints {
  readonly #image: MetadataImage
  readonly #leaders = new Map<number, BrokerImage>()

  constructor(image: MetadataImage) {
    this.#image = image
  }

  currentLeader(topic: string, index: number): Required<LeaderIdAndEpochBody> | undefined {
    const partition = this.#image.topics.get(topic)?.partitions[index]
    if (partition === undefined) return undefined
    const leader = this.#image.brokers.get(partition.leader)
    if (leader !== undefined) this.#leaders.set(leader.id, leader)
    return { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch }
  }

  /** Where the leaders are that were named. */
  nodeEndpoints(): NodeEndpointBody[] {
    return [...this.#leaders.values()].map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack }))
  }
}
