import type { Figure } from '../figures-table.ts'
import { createTopic, runJavaClient } from './java-client.ts'
import type { BenchOptions } from './options.ts'
import type { Pair } from './pair.ts'

const recordBytes = 1_000
/** 5 MB/s of records of 1 KB. */
const recordsPerSecond = 5_000
const seconds = 10
const endToEndRecords = 5_000

/** How long a record takes: one at a time to its consumer, and to its acknowledgement at a steady 5 MB/s. */
export async function measureLatency(pair: Pair, options: BenchOptions): Promise<Figure[]> {
  const of = `RF ${pair.brokerCount}, acks all`
  const endToEnd = await measureBoth(pair, options, (bootstrap) => runEndToEnd(bootstrap, options))
  const steady = await measureBoth(pair, options, (bootstrap, round) => runSteady(bootstrap, pair, round))
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
  run: (bootstrap: string, round: number) => Promise<Percentiles>,
) {
  const p99 = new Map<string, number>()
  const keyOf = (bootstrap: string, round: number) => `${bootstrap} ${round}`
  const p50 = await pair.inTurns(rounds, async ({ bootstrap }, round) => {
    const percentiles = await run(bootstrap, round)
    p99.set(keyOf(bootstrap, round), percentiles.p99)
    return percentiles.p50
  })
  // The same runs, looked at again.
  const remembered = await pair.inTurns(rounds, async ({ bootstrap }, round) => {
    return p99.get(keyOf(bootstrap, round)) ?? Number.NaN
  })
  return { p50, p99: remembered }
}

async function runEndToEnd(bootstrap: string, { scale }: BenchOptions): Promise<Percentiles> {
  const output = await runJavaClient('org.apache.kafka.tools.EndToEndLatency', [
    ...['--bootstrap-server', bootstrap, '--topic', 'end-to-end', '--producer-acks', 'all'],
    ...['--num-records', `${Math.round(endToEndRecords * scale)}`, '--record-size', `${recordBytes}`],
  ])
  const [, p50, p99] = /50th = ([\d.]+), 99th = ([\d.]+)/.exec(output) ?? []
  return { p50: Number(p50), p99: Number(p99) }
}

async function runSteady(bootstrap: string, pair: Pair, round: number): Promise<Percentiles> {
  const topic = `steady-${round}`
  await createTopic(bootstrap, topic, 6, pair.brokerCount)
  const output = await runJavaClient('org.apache.kafka.tools.ProducerPerformance', [
    ...['--topic', topic, '--num-records', `${recordsPerSecond * seconds}`, '--record-size', `${recordBytes}`],
    ...['--throughput', `${recordsPerSecond}`, '--producer-props', `bootstrap.servers=${bootstrap}`, 'acks=all'],
  ])
  const [, p50, p99] = /([\d.]+) ms 50th, [\d.]+ ms 95th, ([\d.]+) ms 99th/.exec(output) ?? []
  return { p50: Number(p50), p99: Number(p99) }
}
