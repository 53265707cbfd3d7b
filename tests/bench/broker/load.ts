import type { Figure } from '../figures-table.ts'
import { createTopic, requireNumber, runJavaClient } from './java-client.ts'
import type { BenchOptions } from './options.ts'
import type { Pair, System } from './pair.ts'

const partitions = 6
const sizes = [100, 1_000, 16_384] as const

/** So many that a run takes some seconds beside the start of the client's JVM. */
const recordCounts: Readonly<Record<(typeof sizes)[number], Readonly<Record<1 | 3, number>>>> = {
  100: { 1: 2_500_000, 3: 800_000 },
  1000: { 1: 500_000, 3: 200_000 },
  16384: { 1: 40_000, 3: 15_000 },
}

export async function measureProducers(pair: Pair, options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const size of sizes) {
    for (const acks of ['1', 'all'] as const) {
      const count = Math.round(recordCounts[size][pair.brokerCount] * options.scale)
      const results = await pair.inTurns(options.rounds, async (system, round) => {
        const topic = topicOf(size, acks, round)
        await createTopic(system, topic, partitions)
        return produce(system, { topic, size, acks, count })
      })
      figures.push({ what: `produce ${size} B, RF ${pair.brokerCount}, acks ${acks}`, unit: 'records/s', ...results })
    }
  }
  return figures
}

/** Reads what the producers wrote, or would have written: at once, and after a restart that left nothing of it in memory. */
export async function measureConsumers(pair: Pair, options: BenchOptions): Promise<Figure[]> {
  if (!options.parts.has('produce')) await fillTopics(pair, options)
  const figures: Figure[] = []
  const measure = async (size: 100 | 1_000, from: string) => {
    const count = Math.round(recordCounts[size][pair.brokerCount] * options.scale)
    const results = await pair.inTurns(options.rounds, (system, round) => {
      return consume(system, topicOf(size, 'all', round), count)
    })
    figures.push({ what: `consume ${size} B, RF ${pair.brokerCount}, ${from}`, unit: 'records/s', ...results })
  }
  for (const size of [100, 1_000] as const) await measure(size, 'warm')
  for (const size of [100, 1_000] as const) {
    await pair.ours.restart()
    await pair.peer.restart()
    await measure(size, 'cold')
  }
  return figures
}

async function fillTopics(pair: Pair, options: BenchOptions): Promise<void> {
  for (const size of [100, 1_000] as const) {
    const count = Math.round(recordCounts[size][pair.brokerCount] * options.scale)
    await pair.inTurns(options.rounds, async (system, round) => {
      const topic = topicOf(size, 'all', round)
      await createTopic(system, topic, partitions)
      return produce(system, { topic, size, acks: 'all', count })
    })
  }
}

function topicOf(size: number, acks: string, round: number): string {
  return `load-${size}-${acks}-${round}`
}

async function produce(
  system: System,
  { topic, size, acks, count }: { topic: string; size: number; acks: string; count: number },
): Promise<number> {
  const output = await runJavaClient('org.apache.kafka.tools.ProducerPerformance', [
    ...['--topic', topic, '--num-records', `${count}`, '--record-size', `${size}`],
    ...['--throughput', '-1', '--producer-props', `bootstrap.servers=${system.bootstrap}`, `acks=${acks}`],
  ])
  const rates = [...output.matchAll(/([\d.]+) records\/sec/g)]
  return requireNumber(rates.at(-1)?.[1], output)
}

async function consume(system: System, topic: string, count: number): Promise<number> {
  const output = await runJavaClient('org.apache.kafka.tools.ConsumerPerformance', [
    ...['--bootstrap-server', system.bootstrap, '--topic', topic, '--num-records', `${count}`],
  ])
  // The last column is the rate without the time that joining the group took.
  return requireNumber(output.trim().split(/[\n,]/).at(-1)?.trim(), output)
}
