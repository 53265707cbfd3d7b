import { ClusterClient } from '../../broker/cluster/cluster-client.ts'
import { provideApacheKafkaJars } from '../../support/apache-kafka-jars.ts'
import { runProgram } from '../../support/kafka-tool.ts'
import type { System } from './pair.ts'

/** Runs one of Apache Kafka's tools with the JVM's own settings. Resolves with what it printed; rejects when it failed. */
export async function runJavaClient(className: string, args: readonly string[]): Promise<string> {
  const { classPath } = await provideApacheKafkaJars('4.3.1')
  const outcome = await runProgram('java', ['-cp', classPath, className, ...args], { timeoutMs: 600_000 })
  if (outcome.exitCode !== 0) {
    throw new Error(`${className} ended with ${outcome.exitCode}: ${outcome.stdout}${outcome.stderr}`)
  }
  return outcome.stdout
}

/** A number that a tool printed; throws with all it printed when there is none. */
export function requireNumber(text: string | undefined, output: string): number {
  const number = Number(text)
  if (text === undefined || text === '' || !Number.isFinite(number)) throw new Error(`No figure in: ${output}`)
  return number
}

/** On as many brokers as the cluster has by default. Resolves once all of them have it: no client waits for leaders then. */
export async function createTopic({ brokers }: System, topic: string, partitions: number): Promise<void> {
  const client = new ClusterClient(brokers)
  try {
    await client.createTopic(topic, { partitions })
    await client.waitForFullIsr(topic, 120_000)
  } finally {
    client.close()
  }
}
