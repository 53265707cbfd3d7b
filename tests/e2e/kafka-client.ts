import kafkajs, { type Kafka } from 'kafkajs'
import { onTestFinished } from 'vitest'
import { server } from './browser.ts'

export function createKafkaClient(): Kafka {
  return new kafkajs.Kafka({
    clientId: 'e2e',
    brokers: server.bootstrap.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 20 },
  })
}

/** Topics that are deleted when the test is over. */
export async function createTopics(names: readonly string[], partitions = 1): Promise<void> {
  const kafkaAdmin = createKafkaClient().admin()
  await kafkaAdmin.connect()
  await kafkaAdmin.createTopics({
    topics: names.map((topic) => ({ topic, numPartitions: partitions, replicationFactor: 3 })),
    waitForLeaders: true,
  })
  onTestFinished(async () => {
    await kafkaAdmin.deleteTopics({ topics: [...names] })
    await kafkaAdmin.disconnect()
  })
}
