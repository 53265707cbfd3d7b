import { readFileSync } from 'node:fs'
import { test } from 'vitest'
import { type ApacheKafka, startApacheKafka } from '../support/apache-kafka.ts'
import { provideApacheKafkaJars } from '../support/apache-kafka-jars.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { runProgram } from '../support/kafka-tool.ts'
import { type Figure, median, printFigures } from './figures-table.ts'

const rounds = 3
const records = { 1: 400_000, 3: 150_000 } as const
const recordBytes = 1_000

interface System {
  readonly bootstrap: string
  pidOf(brokerId: number): number
}

/** The two systems take turns with the same Java clients on the same disk; medians of the rounds are compared. */
test('ProducerPerformance and ConsumerPerformance, memory, start', async () => {
  const figures: Figure[] = []
  figures.push(await measureStart())
  for (const brokers of [1, 3] as const) figures.push(...(await compareLoad(brokers)))
  printFigures('Bundled broker and Apache Kafka 4.3.1 in turns (1 KB records, Java clients)', figures)
})

/** Apache Kafka's own start is not comparable here: its storage is formatted by other programs before. */
async function measureStart(): Promise<Figure> {
  const ours: number[] = []
  for (let round = 0; round < rounds; round++) {
    const cluster = await timedCluster()
    ours.push(cluster.startMs)
    await cluster.stop()
  }
  return { what: 'one broker with its supervisor, from nothing to serving', unit: 'ms', ours: median(ours) }
}

async function timedCluster() {
  const startedAt = performance.now()
  const { stop } = await startTestCluster({ brokers: 1 })
  return { startMs: performance.now() - startedAt, stop }
}

async function compareLoad(brokers: 1 | 3): Promise<Figure[]> {
  const ours = await startTestCluster({ brokers })
  const kafka = await startApacheKafka({ brokers })
  try {
    const idle = { ours: residentOf(ours), peer: residentOf(kafka) }
    const figures = [
      await compareProducers(ours, kafka, brokers, '1'),
      await compareProducers(ours, kafka, brokers, 'all'),
      await compareConsumers(ours, kafka, brokers),
    ]
    const loaded = { ours: residentOf(ours), peer: residentOf(kafka) }
    const of = brokers === 1 ? 'of one broker alone' : 'of broker 1 of three'
    return [
      ...figures,
      { what: `resident memory ${of}, idle`, unit: 'MB', ...idle },
      { what: `resident memory ${of}, after load`, unit: 'MB', ...loaded },
    ]
  } finally {
    await ours.stop()
    await kafka.stop()
  }
}

async function compareProducers(ours: TestCluster, kafka: ApacheKafka, brokers: 1 | 3, acks: string): Promise<Figure> {
  const results = await inTurns(ours, kafka, (system, round) => produce(system, `acks-${acks}-${round}`, brokers, acks))
  return { what: `produce, RF ${brokers}, acks ${acks}`, unit: 'records/s', ...results }
}

async function compareConsumers(ours: TestCluster, kafka: ApacheKafka, brokers: 1 | 3): Promise<Figure> {
  const results = await inTurns(ours, kafka, (system, round) => consume(system, `acks-all-${round}`, brokers))
  return { what: `consume, RF ${brokers}, while fetching`, unit: 'records/s', ...results }
}

async function inTurns(
  ours: System,
  kafka: System,
  measure: (system: System, round: number) => Promise<number>,
): Promise<{ ours: number; peer: number }> {
  const results = { ours: [] as number[], peer: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    results.ours.push(await measure(ours, round))
    results.peer.push(await measure(kafka, round))
  }
  return { ours: median(results.ours), peer: median(results.peer) }
}

async function produce(system: System, topic: string, replicas: 1 | 3, acks: string): Promise<number> {
  const connection = ['--bootstrap-server', system.bootstrap]
  await java('org.apache.kafka.tools.TopicCommand', [
    ...connection,
    ...['--create', '--topic', topic, '--partitions', '6', '--replication-factor', `${replicas}`],
  ])
  const output = await java('org.apache.kafka.tools.ProducerPerformance', [
    ...['--topic', topic, '--num-records', `${records[replicas]}`, '--record-size', `${recordBytes}`],
    ...['--throughput', '-1', '--producer-props', `bootstrap.servers=${system.bootstrap}`, `acks=${acks}`],
  ])
  const rates = [...output.matchAll(/([\d.]+) records\/sec/g)]
  return Number(rates.at(-1)?.[1])
}

async function consume(system: System, topic: string, replicas: 1 | 3): Promise<number> {
  const output = await java('org.apache.kafka.tools.ConsumerPerformance', [
    ...['--bootstrap-server', system.bootstrap, '--topic', topic, '--num-records', `${records[replicas]}`],
  ])
  // The last column is the rate without the time that joining the group took.
  return Number(output.trim().split(/[\n,]/).at(-1))
}

async function java(className: string, args: readonly string[]): Promise<string> {
  const { classPath } = await provideApacheKafkaJars('4.3.1')
  const outcome = await runProgram('java', ['-cp', classPath, className, ...args], { timeoutMs: 300_000 })
  if (outcome.exitCode !== 0) throw new Error(`${className} ended with ${outcome.exitCode}: ${outcome.stderr}`)
  return outcome.stdout
}

function residentOf(system: System): number {
  const status = readFileSync(`/proc/${system.pidOf(1)}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}
