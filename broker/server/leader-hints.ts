import { type BrokerImage, endPointOf } from '../metadata/broker-image.ts'
import type { MetadataImage } from '../metadata/image.ts'
import type { LeaderIdAndEpochBody, NodeEndpointBody } from '../protocol/messages/00-produce.ts'

/**
 * Tells clients that asked a broker which is not the leader who is, so that they need no Metadata request (KIP-951). One
 * for each response.
 */
export class LeaderHints {
  readonly #image: MetadataImage
  readonly #listenerName: string
  readonly #leaders = new Map<number, BrokerImage>()

  /** Clients are told the endpoints of the listener that they came in by. */
  constructor(image: MetadataImage, listenerName: string) {
    this.#image = image
    this.#listenerName = listenerName
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
    return [...this.#leaders.values()].flatMap((leader) => {
      const endPoint = endPointOf(leader, this.#listenerName)
      if (endPoint === undefined) return []
      return [{ nodeId: leader.id, host: endPoint.host, port: endPoint.port, rack: leader.rack }]
    })
  }
}
