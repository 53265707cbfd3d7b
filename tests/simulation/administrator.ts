import { errorCodes } from '../../broker/protocol/errors.ts'
import { metadata } from '../../broker/protocol/messages/03-metadata.ts'
import { createTopics } from '../../broker/protocol/messages/19-create-topics.ts'
import { deleteTopics } from '../../broker/protocol/messages/20-delete-topics.ts'
import { createPartitions } from '../../broker/protocol/messages/37-create-partitions.ts'
import { electLeaders } from '../../broker/protocol/messages/43-elect-leaders.ts'
import { incrementalAlterConfigs } from '../../broker/protocol/messages/44-incremental-alter-configs.ts'
import { alterPartitionReassignments } from '../../broker/protocol/messages/45-alter-partition-reassignments.ts'
import { zeroUuid } from '../../broker/protocol/schema.ts'
import type { TopicPlan } from './history.ts'
import { requireNone, type SimulatedClient } from './simulated-client.ts'

const timeoutMs = 5_000
const topicResource = 2
const setOperation = 0

/** Asks any broker for changes of the cluster, again and again until they are made or refused for good. */
export class Administrator {
  readonly #client: SimulatedClient
  #underWay = 0
  #isStopping = false

  constructor(client: SimulatedClient) {
    this.#client = client
  }

  get isIdle(): boolean {
    return this.#underWay === 0
  }

  /** Gives up what is refused; what has no answer yet may still happen. */
  stop(): void {
    this.#isStopping = true
  }

  /** Resolves with the topic's id. */
  createTopic(plan: TopicPlan): Promise<string | undefined> {
    const configs = Object.entries(plan.configs).map(([name, value]) => ({ name, value }))
    const { name, partitions: numPartitions, replicationFactor } = plan
    const topic = { name, numPartitions, replicationFactor, assignments: [], configs }
    return this.#persist(`create ${name}`, async () => {
      const { topics } = await this.#client.sendToAny(createTopics, 7, { topics: [topic], timeoutMs })
      const answer = topics[0]
      if (answer?.errorCode === errorCodes.TOPIC_ALREADY_EXISTS) return this.#findTopicId(name)
      requireNone(answer?.errorCode)
      return answer?.topicId
    })
  }

  async #findTopicId(name: string): Promise<string | undefined> {
    const answer = await this.#client.sendToAny(metadata, 12, { topics: [{ name }], allowAutoTopicCreation: false })
    requireNone(answer.topics[0]?.errorCode)
    return answer.topics[0]?.topicId
  }

  deleteTopic(name: string): Promise<unknown> {
    return this.#persist(`delete ${name}`, async () => {
      const { responses } = await this.#client.sendToAny(deleteTopics, 6, {
        topics: [{ name, topicId: zeroUuid }],
        timeoutMs,
      })
      if (responses[0]?.errorCode !== errorCodes.UNKNOWN_TOPIC_OR_PARTITION) requireNone(responses[0]?.errorCode)
    })
  }

  /** Resolves with whether it was done. */
  addPartitions(name: string, count: number): Promise<boolean | undefined> {
    return this.#persist(`add partitions to ${name}`, async () => {
      const topics = [{ name, count, assignments: null }]
      const request = { topics, timeoutMs, validateOnly: false }
      const { results } = await this.#client.sendToAny(createPartitions, 3, request)
      const errorCode = results[0]?.errorCode
      // There are as many already: an earlier attempt was heard.
      if (errorCode === errorCodes.INVALID_PARTITIONS) return true
      if (errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) return false
      requireNone(errorCode)
      return true
    })
  }

  configure(topic: string, name: string, value: string): Promise<unknown> {
    return this.#persist(`configure ${topic}`, async () => {
      const configs = [{ name, configOperation: setOperation, value }]
      const resources = [{ resourceType: topicResource, resourceName: topic, configs }]
      const request = { resources, validateOnly: false }
      const { responses } = await this.#client.sendToAny(incrementalAlterConfigs, 1, request)
      if (responses[0]?.errorCode !== errorCodes.UNKNOWN_TOPIC_OR_PARTITION) requireNone(responses[0]?.errorCode)
    })
  }

  elect(isUnclean: boolean): Promise<unknown> {
    return this.#persist(`elect ${isUnclean ? 'unclean' : 'preferred'} leaders`, async () => {
      const request = { electionType: isUnclean ? 1 : 0, topicPartitions: null, timeoutMs }
      await this.#client.sendToAny(electLeaders, 2, request)
    })
  }

  reassign(name: string, partitionIndex: number, replicas: readonly number[]): Promise<unknown> {
    return this.#persist(`reassign ${name}-${partitionIndex} to ${replicas}`, async () => {
      const topics = [{ name, partitions: [{ partitionIndex, replicas }] }]
      const answer = await this.#client.sendToAny(alterPartitionReassignments, 0, { timeoutMs, topics })
      const errorCode = answer.responses[0]?.partitions[0]?.errorCode ?? answer.errorCode
      const isForGood =
        errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION || errorCode === errorCodes.INVALID_REPLICA_ASSIGNMENT
      if (!isForGood) requireNone(errorCode)
    })
  }

  async #persist<Value>(what: string, attempt: () => Promise<Value>): Promise<Value | undefined> {
    this.#underWay += 1
    this.#client.tell(what)
    try {
      return await this.#client.persist(() => this.#isStopping, attempt)
    } finally {
      this.#underWay -= 1
      this.#client.tell(`${what}: done`)
    }
  }
}
