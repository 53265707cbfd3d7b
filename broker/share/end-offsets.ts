import type { MetadataCache } from '../metadata/cache.ts'
import { ConnectionLost } from '../network/connection.ts'
import type { PeerConnections } from '../network/peer-connections.ts'
import { errorCodes } from '../protocol/errors.ts'
import { listOffsets } from '../protocol/messages/02-list-offsets.ts'
import type { ReplicaManager } from '../replication/replica-manager.ts'

const latest = -1
const readUncommitted = 0
const readCommitted = 1
const timeoutMs = 5_000

/** How far partitions can be read, whoever leads them. */
export class EndOffsets {
  readonly #nodeId: number
  readonly #replicas: ReplicaManager
  readonly #metadata: MetadataCache
  readonly #peers: PeerConnections

  constructor(options: {
    nodeId: number
    replicas: ReplicaManager
    metadata: MetadataCache
    peers: PeerConnections
  }) {
    this.#nodeId = options.nodeId
    this.#replicas = options.replicas
    this.#metadata = options.metadata
    this.#peers = options.peers
  }

  /** Undefined while nobody can tell. */
  async find(topicId: string, index: number, isReadCommitted: boolean): Promise<number | undefined> {
    const topic = this.#metadata.image.topicsById.get(topicId)
    const leader = topic?.partitions[index]?.leader
    if (topic === undefined || leader === undefined || leader === -1) return undefined
    if (leader !== this.#nodeId) return this.#ask(leader, topic.name, index, isReadCommitted)
    const partition = this.#replicas.partitionById(topicId, index)
    if (partition?.isLeader !== true) return undefined
    return isReadCommitted ? partition.lastStableOffset : partition.highWatermark
  }

  async #ask(leader: number, topic: string, index: number, isReadCommitted: boolean): Promise<number | undefined> {
    const request = {
      replicaId: -1,
      isolationLevel: isReadCommitted ? readCommitted : readUncommitted,
      topics: [{ name: topic, partitions: [{ partitionIndex: index, timestamp: latest }] }],
    }
    try {
      const connection = await this.#peers.connect(leader)
      const answer = await connection.send(listOffsets, 7, request, { timeoutMs })
      const partition = answer.topics[0]?.partitions[0]
      return partition?.errorCode === errorCodes.NONE ? partition.offset : undefined
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error
      return undefined
    }
  }
}
