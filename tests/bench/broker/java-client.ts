import { provideApacheKafkaJars } from '../../support/apache-kafka-jars.ts'
import { runProgram } from '../../support/kafka-tool.ts'

/** Runs one of Apache Kafka's tools with the JVM's own settings. Resolves with what it printed; rejects when it failed. */
export async function runJavaClient(className: string, args: readonly string[]): Promise<string> {
  const { classPath } = await provideApacheKafkaJars('4.3.1')
  const outcome = await runProgram('java', ['-cp', classPath, className, ...args], { timeoutMs: 600_000 })
  if (outcome.exitCode !== 0) {
    throw new Error(`${className} ended with ${outcome.exitCode}: ${outcome.stdout}${outcome.stderr}`)
  }
  return outcome.stdout
}

export async function createTopic(bootstrap: string, topic: string, partitions: number, replicas: number) {
  await runJavaClient('org.apache.kafka.tools.TopicCommand', [
    ...['--bootstrap-server', bootstrap, '--create', '--topic', topic],
    ...['--partitions', `${partitions}`, '--replication-factor', `${replicas}`],
  ])
}
