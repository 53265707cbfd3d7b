import { BrokerConnection } from '../../broker/network/connection.ts'
import { isRetriable } from '../../broker/protocol/errors.ts'
import { produce } from '../../broker/protocol/messages/00-produce.ts'
import { offsetCommit } from '../../broker/protocol/messages/08-offset-commit.ts'
import { findCoordinator } from '../../broker/protocol/messages/10-find-coordinator.ts'
import { createTopics } from '../../broker/protocol/messages/19-create-topics.ts'
import { buildBatch } from '../../broker/record/build-batch.ts'
import { waitFor } from '../support/wait-for.ts'

const topicCount = 1_000
const partitionsPerTopic = 10
const groupCount = 200
const topicsPerGroup = 25
const topicsPerRequest = 100
const timeoutMs = 60_000

const topicName = (index: number) => `topic-${String(index).padStart(4, '0')}`
const topicNames = Array.from({ length: topicCount }, (_, index) => topicName(index))
const groupNames = Array.from({ length: groupCount }, (_, index) => `group-${String(index).padStart(3, '0')}`)
const partitions = Array.from({ length: partitionsPerTopic }, (_, index) => index)

type Unwritten = readonly { readonly name: string; readonly partitions: readonly number[] }[]

/** One broker with 1,000 topics of 10 partitions and 200 groups of 250 committed partitions, over one connection. */
export class LargeCluster {
  readonly #connection: BrokerConnection
  #produced = 0

  private constructor(connection: BrokerConnection) {
    this.#connection = connection
  }

  static async create(broker: string): Promise<LargeCluster> {
    const [host = '', port] = broker.split(':')
    const cluster = new LargeCluster(await BrokerConnection.connect({ host, port: Number(port), clientId: 'bench' }))
    await cluster.#createTopics()
    await cluster.produceEverywhere()
    await cluster.#findCoordinator()
    await cluster.commitEverywhere()
    return cluster
  }

  /** One more record in every partition. */
  async produceEverywhere(): Promise<void> {
    const timestampMs = Date.now()
    const value = Buffer.from(`record ${this.#produced}`)
    const records = buildBatch({ records: [{ key: null, value }], timestampMs })
    for (const names of inBatches(topicNames)) {
      let topics: Unwritten = names.map((name) => ({ name, partitions }))
      // A broker takes a while to open 10,000 logs, and refuses what it does not lead yet.
      const isWritten = async () => {
        topics = await this.#produceTo(topics, records)
        return topics.length === 0
      }
      await waitFor('every partition takes a record', isWritten, { timeoutMs, intervalMs: 100 })
    }
    this.#produced++
  }

  /** Every group commits where it has one record left to read. */
  async commitEverywhere(): Promise<void> {
    const committedOffset = this.#produced - 1
    const ofTopic = partitions.map((partitionIndex) => ({ partitionIndex, committedOffset, committedMetadata: '' }))
    for (const [index, groupId] of groupNames.entries()) {
      const names = Array.from({ length: topicsPerGroup }, (_, i) => topicName((index * 5 + i) % topicCount))
      const topics = names.map((name) => ({ name, partitions: ofTopic }))
      const request = { groupId, memberId: '', topics }
      const isCommitted = async () => {
        const answer = await this.#connection.send(offsetCommit, 8, request, { timeoutMs })
        return areAccepted(answer.topics.flatMap((topic) => topic.partitions))
      }
      // The coordinator is named before it has read its partition of `__consumer_offsets`.
      await waitFor(`${groupId} has committed`, isCommitted, { timeoutMs, intervalMs: 100 })
    }
  }

  close(): void {
    this.#connection.close()
  }

  async #createTopics(): Promise<void> {
    for (const names of inBatches(topicNames)) {
      const topics = names.map((name) => ({
        ...{ name, numPartitions: partitionsPerTopic, replicationFactor: 1 },
        ...{ assignments: [], configs: [] },
      }))
      const areCreated = async () =>
        areAccepted((await this.#connection.send(createTopics, 5, { topics, timeoutMs }, { timeoutMs })).topics)
      await waitFor('topics are created', areCreated, { timeoutMs, intervalMs: 100 })
    }
  }

  /** Answers what the broker does not lead yet. */
  async #produceTo(topics: Unwritten, records: Buffer): Promise<Unwritten> {
    const topicData = topics.map(({ name, partitions }) => ({
      name,
      partitionData: partitions.map((index) => ({ index, records })),
    }))
    const { responses } = await this.#connection.send(produce, 9, { acks: 1, timeoutMs, topicData }, { timeoutMs })
    areAccepted(responses.flatMap((topic) => topic.partitionResponses))
    return responses.flatMap(({ name, partitionResponses }) => {
      const failed = partitionResponses.filter(({ errorCode }) => errorCode !== 0)
      return failed.length === 0 ? [] : [{ name, partitions: failed.map(({ index }) => index) }]
    })
  }

  /** The first question creates `__consumer_offsets`. */
  async #findCoordinator(): Promise<void> {
    const request = { key: '', keyType: 0, coordinatorKeys: groupNames }
    await waitFor(
      'every group has a coordinator',
      async () => {
        const { coordinators } = await this.#connection.send(findCoordinator, 4, request, { timeoutMs })
        return coordinators.every(({ errorCode }) => errorCode === 0)
      },
      { timeoutMs, intervalMs: 100 },
    )
  }
}

function inBatches(names: readonly string[]): string[][] {
  const batches: string[][] = []
  for (let i = 0; i < names.length; i += topicsPerRequest) batches.push(names.slice(i, i + topicsPerRequest))
  return batches
}

/** False when some were refused for now. Throws when some were refused for good. */
function areAccepted(results: readonly { readonly errorCode: number }[]): boolean {
  const failed = results.filter(({ errorCode }) => errorCode !== 0)
  const final = failed.find(({ errorCode }) => !isRetriable(errorCode))
  if (final !== undefined) throw new Error(`Apache Kafka answered error code ${final.errorCode}`)
  return failed.length === 0
}
