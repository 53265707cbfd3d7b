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
  const figures: Figure[] = []
  for (const brokers of options.brokerCounts) figures.push(...(await underLoad(brokers, options)))
  if (options.parts.has('partitions')) figures.push(...(await withPair(3, (pair) => measureManyPartitions(pair))))
  if (options.parts.has('failover')) figures.push(...(await withPair(3, (pair) => measureFailover(pair, options))))
  printFigures('Bundled broker and Apache Kafka 4.3.1 in turns (Java clients)', figures)
  if (bar !== undefined) holdBar(figures, bar)
})

function underLoad(brokers: 1 | 3, options: BenchOptions): Promise<Figure[]> {
  return withPair(brokers, async (pair) => {
    const figures = pair.startFigures()
    const measure = async (part: Part, figuresOf: () => Figure[] | Promise<Figure[]>) => {
      if (!options.parts.has(part)) return
      const measured = await figuresOf()
      // What takes an hour is told as it comes.
      printFigures(`${part}, RF ${brokers}`, measured)
      figures.push(...measured)
    }
    await measure('memory', () => measureMemory(pair, 'idle'))
    await measure('produce', () => measureProducers(pair, options))
    await measure('memory', () => measureMemory(pair, 'after load'))
    await measure('latency', () => measureLatency(pair, options))
    await measure('consume', () => measureConsumers(pair, options))
    return figures
  })
}

async function withPair(brokers: 1 | 3, measure: (pair: Pair) => Promise<Figure[]>): Promise<Figure[]> {
  const pair = await startPair(brokers)
  try {
    return await measure(pair)
  } finally {
    await pair.stop()
  }
}
