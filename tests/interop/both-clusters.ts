import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ApacheKafka, startApacheKafka } from '../support/apache-kafka.ts'
import { quickJvmOptions } from '../support/apache-kafka-jars.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { type ProgramOutcome, runKafkaTool } from '../support/kafka-tool.ts'

/** Three brokers of ours and three of Apache Kafka 4.3.1, set up alike, that are asked the same things. */
export interface BothClusters {
  readonly ours: TestCluster
  readonly apache: ApacheKafka
  /** Runs a tool against both at once; what it said is stripped of what must differ, see `normalise`. */
  ask(tool: string, args: readonly string[], options?: { input?: string }): Promise<BothOutcomes>
  /** For tools that read their arguments from a file of JSON; answers its path. */
  writeFile(content: unknown): Promise<string>
  stop(): Promise<void>
}

export interface BothOutcomes {
  readonly ours: ToolAnswer
  readonly apache: ToolAnswer
}

export interface ToolAnswer {
  readonly exitCode: number | null
  readonly stdout: string
  /** Without the traces of Java's stack. */
  readonly stderr: string
}

export async function startBothClusters(): Promise<BothClusters> {
  const properties = {
    'default.replication.factor': '3',
    'min.insync.replicas': '2',
    'group.initial.rebalance.delay.ms': '0',
    'inter.broker.listener.name': 'PLAINTEXT',
  }
  // One after the other: when the second does not start, the first is known and stopped.
  const apache = await startApacheKafka({ jvmOptions: quickJvmOptions })
  const ours = await startTestCluster({ properties }).catch(async (error: unknown) => {
    await apache.stop()
    throw error
  })
  const askOne = async (
    cluster: TestCluster | ApacheKafka,
    tool: string,
    args: readonly string[],
    options?: { input?: string },
  ) => {
    const bootstrap = ['--bootstrap-server', cluster.bootstrap]
    return normalise(await runKafkaTool(tool, [...args, ...bootstrap], options), cluster)
  }
  let files = 0
  return {
    ours,
    apache,
    ask: async (tool, args, options) => {
      const [fromOurs, fromApache] = await Promise.all([
        askOne(ours, tool, args, options),
        askOne(apache, tool, args, options),
      ])
      return { ours: fromOurs, apache: fromApache }
    },
    writeFile: async (content) => {
      files++
      const path = join(apache.dataDirectory, `argument-${files}.json`)
      await writeFile(path, JSON.stringify(content))
      return path
    },
    stop: async () => {
      await Promise.all([ours.stop(), apache.stop()])
    },
  }
}

/** Addresses, ids, times and folders differ from cluster to cluster: they are replaced by what they are. */
function normalise(outcome: ProgramOutcome, cluster: TestCluster | ApacheKafka): ToolAnswer {
  const clean = (text: string) => {
    const named = cluster.brokers.reduce(
      (rest, address, index) =>
        rest.replaceAll(address, `broker-${index + 1}`).replaceAll(address.replace(':', ' '), `broker-${index + 1}`),
      text,
    )
    return named
      .replace(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},\d{3} /gm, '')
      .replace(/^\s+(at|\.\.\.) .*\n/gm, '')
      .replace(/TopicId: [\w-]{22}/g, 'TopicId: ID')
      .replace(/Cluster ID: [\w-]{22}/g, 'Cluster ID: ID')
      .replace(/[\w-]{8}-[\w-]{4}-[\w-]{4}-[\w-]{4}-[\w-]{12}/g, 'UUID')
      .replace(/[ \t]+$/gm, '')
      .trim()
  }
  return { exitCode: outcome.exitCode, stdout: clean(outcome.stdout), stderr: clean(outcome.stderr) }
}
