import { BrokerConnection, ConnectionLost } from '../../../broker/network/connection.ts'
import { errorCodes, errorName } from '../../../broker/protocol/errors.ts'
import { type ProduceRequestBody, produce } from '../../../broker/protocol/messages/00-produce.ts'
import { fetch } from '../../../broker/protocol/messages/01-fetch.ts'
import { listOffsets } from '../../../broker/protocol/messages/02-list-offsets.ts'
import { type MetadataResponsePartition, metadata } from '../../../broker/protocol/messages/03-metadata.ts'
import { offsetCommit } from '../../../broker/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../broker/protocol/messages/09-offset-fetch.ts'
import { findCoordinator } from '../../../broker/protocol/messages/10-find-coordinator.ts'
import { createTopics } from '../../../broker/protocol/messages/19-create-topics.ts'
import { initProducerId } from '../../../broker/protocol/messages/22-init-producer-id.ts'
import { describeQuorum } from '../../../broker/protocol/messages/55-describe-quorum.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../../../broker/protocol/schema.ts'
import { buildBatch, type NewBatch, type NewRecord } from '../../../broker/record/build-batch.ts'
import { decodeRecords } from '../../../broker/record/decode-records.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'
import { waitFor } from '../../support/wait-for.ts'

const answerTimeoutMs = 10_000
const fetchBytes = 8 * 1024 * 1024

/** An answer that carries an error code. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly errorCode: number

  constructor(errorCode: number) {
    super(errorName(errorCode))
    this.errorCode = errorCode
  }
}

/**
 * Requests to brokers by their ids, as they are on the wire: no retries and no back-off of a client library stand
 * between a test and what the brokers do. Brokers have ids from 1 in the order of `addresses`.
 */
export class ClusterClient {
  readonly #addresses: readonly string[]
  readonly #without: readonly number[]
  readonly #connections = new Map<number, Promise<BrokerConnection>>()

  /** Brokers it shall do `without` are not asked what any other could answer. */
  constructor(addresses: readonly string[], { without = [] }: { without?: readonly number[] } = {}) {
    this.#addresses = addresses
    this.#without = without
  }

  get brokerIds(): number[] {
    return this.#addresses.map((_, index) => index + 1)
  }

  close(): void {
    for (const connection of this.#connections.values()) {
      connection.then((open) => open.close()).catch(() => undefined)
    }
    this.#connections.clear()
  }

  /** Rejects with ConnectionLost when the broker is gone. */
  async send<A extends Api>(brokerId: number, api: A, version: number, body: RequestBodyOf<A>): Promise<ResponseOf<A>> {
    const connection = await this.connect(brokerId)
    return connection.send(api, version, body, { timeoutMs: answerTimeoutMs })
  }

  /** The first answer of a broker that is up. */
  async sendToAny<A extends Api>(api: A, version: number, body: RequestBodyOf<A>): Promise<ResponseOf<A>> {
    for (const brokerId of this.brokerIds) {
      if (this.#without.includes(brokerId)) continue
      try {
        return await this.send(brokerId, api, version, body)
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error
      }
    }
    throw new ConnectionLost('No broker answers')
  }

  /** The connection to a broker, shared by everyone who uses this client. */
  async connect(brokerId: number): Promise<BrokerConnection> {
    const known = await this.#connections.get(brokerId)?.catch(() => undefined)
    if (known?.isOpen) return known
    const connecting = openConnection(this.#addressOf(brokerId))
    this.#connections.set(brokerId, connecting)
    return connecting
  }

  /** A connection of the caller's own, who closes it. */
  connectAlone(brokerId: number): Promise<BrokerConnection> {
    return openConnection(this.#addressOf(brokerId))
  }

  #addressOf(brokerId: number): string {
    const address = this.#addresses[brokerId - 1]
    if (address === undefined) throw new RangeError(`No broker ${brokerId}`)
    return address
  }

  async createTopic(
    name: string,
    options: { partitions?: number; replicas?: readonly number[]; configs?: Record<string, string> } = {},
  ): Promise<void> {
    const { partitions = 1, replicas, configs = {} } = options
    const topic = {
      name,
      numPartitions: replicas === undefined ? partitions : -1,
      replicationFactor: -1,
      assignments: replicas === undefined ? [] : [{ partitionIndex: 0, brokerIds: replicas }],
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    }
    const { topics } = await this.sendToAny(createTopics, 7, { topics: [topic], timeoutMs: answerTimeoutMs })
    requireNone(topics[0]?.errorCode)
  }

  /** What one broker knows, or what any that is up does. */
  async describeTopic(name: string, brokerId?: number): Promise<readonly MetadataResponsePartition[]> {
    const request = { topics: [{ name }], allowAutoTopicCreation: false }
    const answer = await (brokerId === undefined
      ? this.sendToAny(metadata, 12, request)
      : this.send(brokerId, metadata, 12, request))
    const topic = answer.topics[0]
    requireNone(topic?.errorCode)
    return topic?.partitions ?? []
  }

  async requirePartition(name: string, index: number): Promise<MetadataResponsePartition> {
    const partition = (await this.describeTopic(name)).find((candidate) => candidate.partitionIndex === index)
    if (partition === undefined) throw new RangeError(`No partition ${index} of ${name}`)
    return partition
  }

  /** Rejects with RefusedError while there is none. */
  async leaderOf(topic: string, index: number): Promise<number> {
    const { leaderId } = await this.requirePartition(topic, index)
    if (leaderId === -1) throw new RefusedError(errorCodes.LEADER_NOT_AVAILABLE)
    return leaderId
  }

  /** Resolves once every replica of the topic is in sync, as every broker knows. */
  async waitForFullIsr(name: string, timeoutMs = 30_000): Promise<void> {
    await waitFor(
      `all replicas of ${name} in sync`,
      async () => {
        for (const brokerId of this.brokerIds) {
          const partitions = await this.describeTopic(name, brokerId).catch(() => [])
          const areFull = partitions.every(({ leaderId, replicaNodes, isrNodes }) => {
            return leaderId !== -1 && isrNodes.length === replicaNodes.length
          })
          if (partitions.length === 0 || !areFull) return false
        }
        return true
      },
      { timeoutMs },
    )
  }

  /** The quorum's leader. Metadata's controller is another one on purpose, as it is with KRaft. */
  async controllerId(): Promise<number> {
    const request = { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] }
    const answer = await this.sendToAny(describeQuorum, 2, request)
    const leaderId = answer.topics[0]?.partitions[0]?.leaderId
    if (leaderId === undefined) throw new RangeError('DescribeQuorum was answered without its partition')
    return leaderId
  }

  /** Produces values to the partition's leader. Rejects with RefusedError. */
  async produce(topic: string, index: number, values: readonly string[], { acks = -1 } = {}): Promise<number> {
    const { leaderId } = await this.requirePartition(topic, index)
    const answer = await this.send(leaderId, produce, 12, produceRequest(topic, index, batchOf(values), acks))
    const partition = answer.responses[0]?.partitionResponses[0]
    requireNone(partition?.errorCode)
    return partition?.baseOffset ?? -1
  }

  /** The high watermark. */
  async endOffset(topic: string, index: number): Promise<number> {
    const leaderId = await this.leaderOf(topic, index)
    const partitions = [{ partitionIndex: index, timestamp: -1 }]
    const answer = await this.send(leaderId, listOffsets, 7, { replicaId: -1, topics: [{ name: topic, partitions }] })
    requireNone(answer.topics[0]?.partitions[0]?.errorCode)
    return answer.topics[0]?.partitions[0]?.offset ?? -1
  }

  /** Every record below the high watermark, read from the leader. */
  async readAll(topic: string, index: number): Promise<string[]> {
    const { leaderId } = await this.requirePartition(topic, index)
    const values: string[] = []
    for (let fetchOffset = 0; ; ) {
      const asked = { partition: index, fetchOffset, partitionMaxBytes: fetchBytes }
      const answer = await this.send(leaderId, fetch, 12, {
        maxWaitMs: 0,
        minBytes: 1,
        topics: [{ topic, partitions: [asked] }],
        forgottenTopicsData: [],
      })
      const partition = answer.responses[0]?.partitions[0]
      requireNone(partition?.errorCode)
      for (const batch of batchesIn(partition?.records ?? Buffer.alloc(0))) {
        for (const record of decodeRecords(batch)) {
          if (record.offset < fetchOffset) continue
          fetchOffset = record.offset + 1
          values.push(record.value?.toString() ?? '')
        }
      }
      if (fetchOffset >= (partition?.highWatermark ?? 0)) return values
    }
  }

  async allocateProducer(): Promise<{ producerId: number; producerEpoch: number }> {
    const request = { transactionalId: null, transactionTimeoutMs: 0, producerEpoch: -1 }
    const { errorCode, producerId, producerEpoch } = await this.sendToAny(initProducerId, 4, request)
    requireNone(errorCode)
    return { producerId, producerEpoch }
  }

  /** Rejects with RefusedError while there is none. */
  async coordinatorOf(key: string, kind: 'group' | 'transactional id' = 'group'): Promise<number> {
    const keyType = kind === 'group' ? 0 : 1
    const { coordinators } = await this.sendToAny(findCoordinator, 4, { keyType, coordinatorKeys: [key] })
    requireNone(coordinators[0]?.errorCode)
    return coordinators[0]?.nodeId ?? -1
  }

  /** As a consumer without a membership does. */
  async commit(group: string, topic: string, index: number, committedOffset: number): Promise<void> {
    const answer = await this.send(await this.coordinatorOf(group), offsetCommit, 8, {
      groupId: group,
      memberId: '',
      topics: [{ name: topic, partitions: [{ partitionIndex: index, committedOffset, committedMetadata: '' }] }],
    })
    requireNone(answer.topics[0]?.partitions[0]?.errorCode)
  }

  /** `isStable` refuses to answer while a transaction has committed an offset and not ended. */
  async committedOffset(group: string, topic: string, index: number, { isStable = false } = {}): Promise<number> {
    const answer = await this.send(await this.coordinatorOf(group), offsetFetch, 8, {
      groups: [{ groupId: group, topics: [{ name: topic, partitionIndexes: [index] }] }],
      requireStable: isStable,
    })
    requireNone(answer.groups[0]?.errorCode)
    requireNone(answer.groups[0]?.topics[0]?.partitions[0]?.errorCode)
    return answer.groups[0]?.topics[0]?.partitions[0]?.committedOffset ?? -1
  }
}

export function batchOf(values: readonly string[], producer: Partial<NewBatch> = {}): Buffer {
  const records: NewRecord[] = values.map((value) => ({ key: null, value: Buffer.from(value) }))
  return buildBatch({ records, timestampMs: Date.now(), ...producer })
}

export function produceRequest(topic: string, index: number, records: Buffer, acks: number): ProduceRequestBody {
  return { acks, timeoutMs: answerTimeoutMs, topicData: [{ name: topic, partitionData: [{ index, records }] }] }
}

function openConnection(address: string): Promise<BrokerConnection> {
  const [host = '', port] = address.split(':')
  return BrokerConnection.connect({ host, port: Number(port), clientId: 'test' })
}

/** Throws RefusedError for any other code. */
export function requireNone(errorCode: number | undefined): void {
  if (errorCode === undefined) throw new Error('The answer does not hold what was asked for')
  if (errorCode !== errorCodes.NONE) throw new RefusedError(errorCode)
}
