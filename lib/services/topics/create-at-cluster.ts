import type { CreateTopicInput } from '../../contract/topic.ts'
import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import { KafkaError } from '../../kafka/kafka-error.ts'
import { createTopics } from '../../kafka/operations/create-topics.ts'

const timeoutMs = 15_000

export interface PlannedTopic {
  readonly topicId: string | null
  readonly partitions: number
  readonly replicationFactor: number
  /** Every config with the value that the topic has; empty when the cluster does not tell. */
  readonly configs: ReadonlyMap<string, string | null>
}

/** Creates the topic, or lets the cluster say whether it would. Throws `KafkaError` when it does not. */
export async function createAtCluster(
  connection: ClusterConnection,
  input: CreateTopicInput,
  isValidateOnly: boolean,
): Promise<PlannedTopic> {
  const { topics } = await connection.sendToAny(createTopics, {
    name: input.name,
    partitions: input.partitions ?? -1,
    replicationFactor: input.replicationFactor ?? -1,
    configs: new Map(Object.entries(input.configs)),
    isValidateOnly,
    timeoutMs,
  })
  const [topic] = topics
  if (topic === undefined) throw new KafkaError(-1, 'The answer names no topic.')
  if (topic.errorCode !== 0) throw new KafkaError(topic.errorCode, topic.errorMessage ?? null)
  return {
    topicId: topicIdOf(topic.topicId),
    partitions: topic.numPartitions,
    replicationFactor: topic.replicationFactor,
    configs: new Map(topic.configs.map(({ name, value }) => [name, value ?? null])),
  }
}

/** The library writes ids as UUIDs; Kafka and our snapshot as base64. */
function topicIdOf(uuid: string): string | null {
  const hex = uuid.replaceAll('-', '')
  return /^0*$/.test(hex) ? null : Buffer.from(hex, 'hex').toString('base64url')
}
