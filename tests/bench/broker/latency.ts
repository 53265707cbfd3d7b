import type { Figure } from '../figures-table.ts'
import { createTopic, requireNumber, runJavaClient } from './java-client.ts'
import type { BenchOptions } from './options.ts'
import { compare, type Pair, type System } from './pair.ts'

const recordBytes = 1_000
/** 5 MB/s of records of 1 KB. */
const recordsPerSecond = 5_000
const seconds = 10
const endToEndRecords = 5_000

/** How long a record takes: one at a time to its consumer, and to its acknowledgement at a steady 5 MB/s. */
export async function measureLatency(pair: Pair, options: BenchOptions): Promise<Figure[]> {
  const of = `RF ${pair.brokerCount}, acks all`
  const endToEnd = await measureBoth(pair, options, (system) => runEndToEnd(system, options))
  const steady = await measureBoth(pair, options, runSteady)
  return [
    { what: `end to end p50, ${of}`, unit: 'ms', ...endToEnd.p50 },
    { what: `end to end p99, ${of}`, unit: 'ms', ...endToEnd.p99 },
    { what: `produce at 5 MB/s p50, ${of}`, unit: 'ms', ...steady.p50 },
    { what: `produce at 5 MB/s p99, ${of}`, unit: 'ms', ...steady.p99 },
  ]
}

interface Percentiles {
  readonly p50: number
  readonly p99: number
}

async function measureBoth(
  pair: Pair,
  { rounds }: BenchOptions,
  run: (system: System, round: number) => Promise<Percentiles>,
) {
  const { ours, peer } = await pair.takeTurns(rounds, run)
  const of = (name: keyof Percentiles) => {
    return compare(
      ours.map((percentiles) => percentiles[name]),
      peer.map((percentiles) => percentiles[name]),
    )
  }
  return { p50: of('p50'), p99: of('p99') }
}

async function runEndToEnd({ bootstrap }: System, { scale }: BenchOptions): Promise<Percentiles> {
  const output = await runJavaClient('org.apache.kafka.tools.EndToEndLatency', [
    ...['--bootstrap-server', bootstrap, '--topic', 'end-to-end', '--producer-acks', 'all'],
    ...['--num-records', `${Math.round(endToEndRecords * scale)}`, '--record-size', `${recordBytes}`],
  ])
  const [, p50, p99] = /50th = ([\d.]+), 99th = ([\d.]+)/.exec(output) ?? []
  return { p50: requireNumber(p50, output), p99: requireNumber(p99, output) }
}

async function runSteady(system: System, round: number): Promise<Percentiles> {
  const topic = `steady-${round}`
  await createTopic(system, topic, 6)
  const output = await runJavaClient('org.apache.kafka.tools.ProducerPerformance', [
    ...['--topic', topic, '--num-records', `${recordsPerSecond * seconds}`, '--record-size', `${recordBytes}`],
    ...['--throughput', `${recordsPerSecond}`, '--producer-props', `bootstrap.servers=${system.bootstrap}`, 'acks=all'],
  ])
  const [, p50, p99] = /([\d.]+) ms 50th, [\d.]+ ms 95th, ([\d.]+) ms 99th/.exec(output) ?? []
  return { p50: requireNumber(p50, output), p99: requireNumber(p99, output) }
}
