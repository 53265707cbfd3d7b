import { expect, it } from 'vitest'
import type { TransactionState, TransactionVersion } from '../../../broker/transaction/transaction-state.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { ModelProducer, type ModelTransaction, timeoutMs } from './model-producer.ts'
import { TransactionCluster } from './transaction-cluster.ts'

/*
 * Whatever happens to the coordinator, its log and its producers, after every step:
 * - no transaction is committed in one partition and aborted in another, and no value is both;
 * - what a producer was told is committed is aborted nowhere, what it was told is aborted, or never asked to commit, is
 *   committed nowhere;
 * - the epochs of a producer id never go back in the log.
 * And once the coordinator has had its way: nothing is open, what was told to be committed is, and what a coordinator
 * reads from the log is what the last one knew.
 */

const stepsPerWalk = 200
const seeds = Array.from({ length: 10 }, (_, i) => i + 1)

it.each(seeds)('holds its invariants on random walk %i', async (seed) => {
  const random = seededRandom(seed * 0x9e3779b9)
  const choose = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)]
  const version: TransactionVersion = seed % 3 === 0 ? 0 : 2
  const cluster = new TransactionCluster(version)
  const isCalm = seed % 4 === 0
  cluster.chooseFate = () => {
    const chance = random()
    if (isCalm || chance < 0.8) return 'replicated'
    return chance < 0.9 ? 'late' : 'refused'
  }
  await cluster.failOver(() => false)
  // Two processes share an id, as happens when one is taken for dead.
  const producers = ['a', 'a', 'b', 'c'].map((id) => new ModelProducer(cluster, id, version))

  for (let step = 0; step < stepsPerWalk; step++) {
    const producer = choose(producers)
    const chance = random()
    if (chance < 0.04) await cluster.failOver(() => random() < 0.5)
    else if (chance < 0.24) cluster.deliverMarker(choose)
    else if (chance < 0.34) await cluster.pass(choose([20, 100, 100, 1000]) ?? 0)
    else if (chance < 0.36) {
      await cluster.pass(timeoutMs + 1)
      cluster.coordinator.abortTimedOut()
    } else if (producer !== undefined && !producer.isBusy) {
      producer.isBusy = true
      void act(producer, random, choose).finally(() => {
        producer.isBusy = false
      })
    }
    await cluster.settle()
    const where = `seed ${seed}, step ${step}`
    for (const { all } of producers) for (const transaction of all) checkOutcome(cluster, transaction, where)
    checkEpochs(cluster, where)
  }

  cluster.chooseFate = () => 'replicated'
  for (let round = 0; round < 20; round++) {
    await cluster.pass(timeoutMs + 1)
    cluster.coordinator.abortTimedOut()
    await cluster.settle()
    for (let delivery = 0; delivery < 100; delivery++) cluster.deliverMarker(choose)
    await cluster.settle()
  }
  expect(cluster.partitions.map(({ hasOpen }) => hasOpen)).toEqual([false, false, false])
  for (const { all } of producers) for (const transaction of all) checkOutcome(cluster, transaction, 'in the end', true)
  const before = statesOf(cluster)
  await cluster.failOver(() => false)
  expect(statesOf(cluster)).toEqual(before)
  expect([...before.values()].map((state) => state?.status)).not.toContain('Ongoing')
})

async function act(
  producer: ModelProducer,
  random: () => number,
  choose: <T>(values: readonly T[]) => T | undefined,
): Promise<void> {
  const chance = random()
  if (!producer.isReady || chance < 0.05) await producer.init()
  else if (chance < 0.65) await producer.write(choose([0, 1, 2]) ?? 0)
  else await producer.end(random() < 0.7)
}

function checkOutcome(
  { partitions }: TransactionCluster,
  { values, end }: ModelTransaction,
  where: string,
  isOver = false,
): void {
  const outcomes = new Set<string>()
  for (const { value, partition } of values) {
    const isCommitted = partitions[partition]?.committed.has(value)
    const isAborted = partitions[partition]?.aborted.has(value)
    if (isCommitted) outcomes.add('committed')
    if (isAborted) outcomes.add('aborted')
    if (isOver) expect(isCommitted || isAborted, `${where}: value ${value} has an end`).toBe(true)
  }
  const lawful = {
    open: ['aborted'],
    'commit asked': ['committed', 'aborted'],
    'abort asked': ['aborted'],
    committed: ['committed'],
    aborted: ['aborted'],
    'given up': ['aborted'],
  }[end]
  expect(
    [...outcomes].filter((outcome) => !lawful.includes(outcome)),
    `${where}: ${end}`,
  ).toEqual([])
  expect(outcomes.size, `${where}: one outcome`).toBeLessThan(2)
}

function checkEpochs({ log }: TransactionCluster, where: string): void {
  const epochs = new Map<number, number>()
  for (const state of log.flatMap(({ states }) => states)) {
    const last = epochs.get(state.producerId) ?? -1
    if (state.producerEpoch < last) expect.fail(`${where}: epoch ${state.producerEpoch} after ${last}`)
    epochs.set(state.producerId, state.producerEpoch)
  }
}

/** Without what is not in the log, in either version of its records. */
function statesOf({ coordinator }: TransactionCluster): Map<string, TransactionState | undefined> {
  return new Map(
    [...coordinator.transactions].map(({ transactionalId, state }) => {
      return [transactionalId, state && { ...state, lastProducerEpoch: -1, previousProducerId: -1 }]
    }),
  )
}
