import { fenceBroker, unfenceBroker } from '../../../broker/controller/broker-leadership.ts'
import { BrokerLiveness } from '../../../broker/controller/broker-liveness.ts'
import { registerBroker } from '../../../broker/controller/broker-registration.ts'
import type { ControllerState, Decision } from '../../../broker/controller/controller-state.ts'
import { createTopics } from '../../../broker/controller/topic-creation.ts'
import { resolveStaticBrokerSettings } from '../../../broker/metadata/broker-config.ts'
import { MetadataImage } from '../../../broker/metadata/image.ts'
import { MetadataDelta } from '../../../broker/metadata/metadata-delta.ts'
import type { PartitionImage } from '../../../broker/metadata/partition-image.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordBody,
} from '../../../broker/metadata/records.ts'
import type {
  CreateTopicsRequest,
  CreateTopicsResponseBody,
} from '../../../broker/protocol/messages/19-create-topics.ts'

export const clusterId = 'test-cluster-0000000AA'

type NewTopic = Partial<CreateTopicsRequest['topics'][number]> & { name: string }

/** The controller's decisions on an image, without log, clock or sockets. `log` is what a replay would read. */
export class ClusterModel {
  readonly state: ControllerState
  readonly log: Buffer[] = []
  readonly liveness = new BrokerLiveness({ sessionTimeoutMs: 9_000, disconnectGraceMs: 200 })
  #topicIds = 0
  #incarnations = 0

  constructor(properties: Record<string, string> = {}, random: () => number = () => 0) {
    const all = new Map(Object.entries({ 'min.insync.replicas': '2', ...properties }))
    this.state = {
      image: new MetadataImage(clusterId),
      properties: all,
      settings: resolveStaticBrokerSettings(all),
      random,
      newTopicId: () => this.#nextId('topic'),
    }
  }

  apply<Response>({ records, response }: Decision<Response>): Response {
    this.write(records)
    return response
  }

  write(records: readonly MetadataRecordBody[]): void {
    for (const record of records) {
      const value = encodeMetadataRecord(record)
      this.log.push(value)
      this.state.image.apply(decodeMetadataRecord(value), new MetadataDelta())
    }
  }

  /** A new process of a broker; without `previousBrokerEpoch` it did not shut down cleanly. Returns its epoch. */
  register(brokerId: number, options: { rack?: string; previousBrokerEpoch?: number } = {}): number {
    const decision = registerBroker(
      this.state,
      {
        brokerId,
        clusterId,
        incarnationId: this.#nextId('incarnation'),
        listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9000 + brokerId, securityProtocol: 0 }],
        features: [],
        rack: options.rack ?? null,
        isMigratingZkBroker: false,
        logDirs: [],
        previousBrokerEpoch: options.previousBrokerEpoch ?? -1,
      },
      { nextOffset: this.log.length, hasSession: false },
    )
    return this.apply(decision).brokerEpoch
  }

  fence(brokerId: number): void {
    this.write(fenceBroker(this.state, brokerId))
  }

  unfence(brokerId: number): void {
    this.write(unfenceBroker(this.state, brokerId))
  }

  start(...brokerIds: number[]): this {
    for (const brokerId of brokerIds) {
      this.register(brokerId)
      this.unfence(brokerId)
    }
    return this
  }

  create(...topics: NewTopic[]): CreateTopicsResponseBody['topics'] {
    return this.apply(createTopics(this.state, newTopics(topics))).topics
  }

  /** One topic of one partition with these replicas. */
  createPartition(name: string, brokerIds: number[], configs: Record<string, string> = {}): void {
    const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
    this.create({ name, assignments: [{ partitionIndex: 0, brokerIds }], configs: entries })
  }

  partition(topic: string, index = 0): PartitionImage {
    const partition = this.state.image.topics.get(topic)?.partitions[index]
    if (partition === undefined) throw new Error(`No partition ${topic}-${index}`)
    return partition
  }

  topicId(name: string): string {
    return this.state.image.topics.get(name)?.id ?? ''
  }

  epochOf(brokerId: number): number {
    return this.state.image.brokers.get(brokerId)?.epoch ?? -1
  }

  #nextId(kind: 'topic' | 'incarnation'): string {
    const number = kind === 'topic' ? ++this.#topicIds : ++this.#incarnations
    const bytes = Buffer.alloc(16)
    bytes.writeUInt32BE(number, 12)
    bytes[0] = kind === 'topic' ? 1 : 2
    return bytes.toString('base64url')
  }
}

export function newTopics(topics: NewTopic[], validateOnly = false): CreateTopicsRequest {
  const defaults = { numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] }
  return { topics: topics.map((topic) => ({ ...defaults, ...topic })), timeoutMs: 1_000, validateOnly }
}

/** In the form `leader 1, isr 1 2, eligible 3`. */
export function summary(partition: PartitionImage): string {
  const eligible =
    partition.eligibleLeaderReplicas.length > 0 ? `, eligible ${partition.eligibleLeaderReplicas.join(' ')}` : ''
  const lastKnown = partition.lastKnownElr.length > 0 ? `, last known ${partition.lastKnownElr.join(' ')}` : ''
  return `leader ${partition.leader}, isr ${partition.isr.join(' ')}${eligible}${lastKnown}`
}
