import { ClusterConnection } from '../kafka/cluster-connection.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { createTopics } from '../kafka/operations/create-topics.ts'
import { describeMetadata } from '../kafka/operations/describe-metadata.ts'
import type { DemoTopic } from './shop.ts'

const replicasMax = 3
const timeoutMs = 15_000
const dayMs = 24 * 3_600_000

/** Creates those that are not there. Answers how many replicas a topic gets: three, or one a broker of a smaller cluster. */
export async function createDemoTopics(bootstrap: string, topics: readonly DemoTopic[]): Promise<number> {
  const connection = new ClusterConnection({
    bootstrap,
    clientId: 'eyrie-demo',
    connectTimeoutMs: 3_000,
    requestTimeoutMs: timeoutMs,
  })
  try {
    const metadata = await connection.sendToAny(describeMetadata, { topics: null })
    const replicationFactor = Math.min(replicasMax, metadata.brokers.length)
    const existing = new Set(metadata.topics.map(({ name }) => name))
    for (const { name, partitions } of topics) {
      if (existing.has(name)) continue
      const configs = new Map([['retention.ms', `${dayMs}`]])
      const request = { name, partitions, replicationFactor, configs, isValidateOnly: false, timeoutMs }
      const [created] = (await connection.sendToAny(createTopics, request)).topics
      if (created !== undefined && created.errorCode !== 0) {
        throw new KafkaError(created.errorCode, created.errorMessage ?? null)
      }
    }
    return replicationFactor
  } finally {
    connection.close()
  }
}
