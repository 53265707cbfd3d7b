import { test } from 'vitest'
import { type Figure, printFigures } from '../figures-table.ts'
import { holdBar, readBar } from './bar.ts'
import { measureFailover } from './failover.ts'
import { measureLatency } from './latency.ts'
import { measureConsumers, measureProducers } from './load.ts'
import { measureManyPartitions } from './many-partitions.ts'
import { measureMemory } from './memory.ts'
import { type BenchOptions, type Part, readOptions } from './options.ts'
import { type Pair, startPair } from './pair.ts'

/*
 * Apache Kafka and the bundled broker side by side on one disk, taking turns with the same Java clients. The ratios hold
 * from one machine to another; the figures themselves do not.
 */
test('the bundled broker and Apache Kafka 4.3.1 in turns', async () => {
  const options = readOptions()
  const bar = options.hold === undefined ? undefined : readBar(options.hold)
  const run = new Run(options)
  for (const brokers of options.brokerCounts) await run.withPair(brokers, (pair) => measureUnderLoad(run, pair))
  if (options.brokerCounts.includes(3)) {
    // Clusters of their own: thousands of partitions, and brokers that were killed, would disturb what comes after.
    if (options.parts.has('partitions')) {
      await run.withPair(3, (pair) => run.measure('partitions', 3, () => measureManyPartitions(pair)))
    }
    if (options.parts.has('failover')) {
      await run.withPair(3, (pair) => run.measure('failover', 3, () => measureFailover(pair, options)))
    }
  }
  printFigures('Bundled broker and Apache Kafka 4.3.1 in turns (Java clients)', run.figures)
  if (run.failures.length > 0) throw new AggregateError(run.failures, 'Not everything could be measured')
  if (bar !== undefined) holdBar(run.figures, bar)
})

async function measureUnderLoad(run: Run, pair: Pair): Promise<void> {
  const { options } = run
  const { brokerCount } = pair
  run.add(`start, RF ${brokerCount}`, pair.startFigures())
  await run.measure('memory', brokerCount, () => measureMemory(pair, 'idle'))
  await run.measure('produce', brokerCount, () => measureProducers(pair, options))
  if (options.parts.has('produce')) {
    await run.measure('memory', brokerCount, () => measureMemory(pair, 'after load'))
  }
  await run.measure('latency', brokerCount, () => measureLatency(pair, options))
  await run.measure('consume', brokerCount, () => measureConsumers(pair, options))
}

/** What was asked for and what has come of it. A part that fails does not take the others' figures with it. */
class Run {
  readonly options: BenchOptions
  readonly figures: Figure[] = []
  readonly failures: unknown[] = []

  constructor(options: BenchOptions) {
    this.options = options
  }

  /** What takes half an hour is told as it comes. */
  add(title: string, figures: readonly Figure[]): void {
    printFigures(title, figures)
    this.figures.push(...figures)
  }

  async measure(part: Part, brokers: 1 | 3, figuresOf: () => Figure[] | Promise<Figure[]>): Promise<void> {
    if (!this.options.parts.has(part)) return
    const startedAt = performance.now()
    try {
      const figures = await figuresOf()
      this.add(`${part}, RF ${brokers} (${Math.round((performance.now() - startedAt) / 1_000)} s)`, figures)
    } catch (error) {
      process.stderr.write(`${part}, RF ${brokers}: ${error instanceof Error ? error.stack : error}\n`)
      this.failures.push(error)
    }
  }

  async withPair(brokers: 1 | 3, measure: (pair: Pair) => Promise<void>): Promise<void> {
    const pair = await startPair(brokers)
    try {
      await measure(pair)
    } finally {
      await pair.stop()
    }
  }
}
