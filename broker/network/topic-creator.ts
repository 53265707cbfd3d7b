import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataImage } from '../metadata/image.ts'
import { offsetsTopicName, shareStateTopicName, transactionStateTopicName } from '../metadata/topic-name.ts'
import { errorCodes, errorName } from '../protocol/errors.ts'
import {
  type CreateTopicsRequestBody,
  type CreateTopicsResponse,
  createTopics,
} from '../protocol/messages/19-create-topics.ts'
import type { ControllerChannel } from './controller-channel.ts'

type NewTopic = CreateTopicsRequestBody['topics'][number]

/** Topics that come into being because somebody uses them. */
export class TopicCreator {
  readonly #channel: ControllerChannel
  readonly #image: MetadataImage
  readonly #settings: BrokerSettings
  readonly #onFailure: (error: unknown) => void
  #lastTold = ''

  constructor(options: {
    channel: ControllerChannel
    image: MetadataImage
    settings: BrokerSettings
    /** Told why a topic did not come into being: whoever asked for it is only told a code. */
    onFailure: (error: unknown) => void
  }) {
    this.#onFailure = options.onFailure
    this.#channel = options.channel
    this.#image = options.image
    this.#settings = options.settings
  }

  /**
   * Creates topics with the cluster's defaults. Resolves with an error code for each that this broker does not know then;
   * a topic that somebody else created meanwhile is no error.
   */
  async autoCreateTopics(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const refusals = new Map<string, number>()
    const answer = await this.#create(names.map((name) => this.#specify(name))).catch((cause) => {
      this.#tell(new Error(`Topics not created automatically: ${names.join(', ')}`, { cause }))
    })
    for (const name of names) {
      if (this.#image.topics.has(name)) continue
      const result = answer?.topics.find((topic) => topic.name === name)
      const code = result?.errorCode ?? errorCodes.LEADER_NOT_AVAILABLE
      const isUnderWay = code === errorCodes.NONE || code === errorCodes.TOPIC_ALREADY_EXISTS
      refusals.set(name, isUnderWay ? errorCodes.LEADER_NOT_AVAILABLE : code)
      if (!isUnderWay && result !== undefined) this.#tell(notCreated(result))
    }
    return refusals
  }

  /** Clients ask again many times a second: the same trouble is told once. */
  #tell(error: Error): void {
    if (error.message === this.#lastTold) return
    this.#lastTold = error.message
    this.#onFailure(error)
  }

  #create(topics: readonly NewTopic[]) {
    return this.#channel.forward(createTopics, createTopics.versions.max, { topics })
  }

  #specify(name: string): NewTopic {
    if (name === offsetsTopicName) return offsetsTopic(this.#settings)
    if (name === transactionStateTopicName) return transactionStateTopic(this.#settings)
    if (name === shareStateTopicName) return shareStateTopic(this.#settings)
    return { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] }
  }
}

function notCreated({ name, errorCode, errorMessage }: CreateTopicsResponse['topics'][number]): Error {
  return new Error(`Topic ${name} not created automatically: ${errorName(errorCode)}: ${errorMessage}`)
}

/** The topic that consumer groups are kept in. */
function offsetsTopic(settings: BrokerSettings): NewTopic {
  return {
    name: offsetsTopicName,
    numPartitions: settings.offsetsTopicNumPartitions,
    replicationFactor: settings.offsetsTopicReplicationFactor,
    assignments: [],
    configs: [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'compression.type', value: 'producer' },
      { name: 'segment.bytes', value: String(settings.offsetsTopicSegmentBytes) },
    ],
  }
}

/** The topic that transactions are kept in. */
function transactionStateTopic(settings: BrokerSettings): NewTopic {
  return {
    name: transactionStateTopicName,
    numPartitions: settings.transactionStateLogNumPartitions,
    replicationFactor: settings.transactionStateLogReplicationFactor,
    assignments: [],
    configs: [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'compression.type', value: 'uncompressed' },
      { name: 'min.insync.replicas', value: String(settings.transactionStateLogMinIsr) },
      { name: 'segment.bytes', value: String(settings.transactionStateLogSegmentBytes) },
      { name: 'unclean.leader.election.enable', value: 'false' },
    ],
  }
}

/** The topic that the state of share partitions is kept in. Its coordinator deletes what snapshots made redundant. */
function shareStateTopic(settings: BrokerSettings): NewTopic {
  return {
    name: shareStateTopicName,
    numPartitions: settings.shareCoordinatorStateTopicNumPartitions,
    replicationFactor: settings.shareCoordinatorStateTopicReplicationFactor,
    assignments: [],
    configs: [
      { name: 'cleanup.policy', value: 'delete' },
      { name: 'compression.type', value: 'producer' },
      { name: 'segment.bytes', value: String(settings.shareCoordinatorStateTopicSegmentBytes) },
      { name: 'retention.ms', value: '-1' },
      { name: 'min.insync.replicas', value: String(settings.shareCoordinatorStateTopicMinIsr) },
    ],
  }
}
