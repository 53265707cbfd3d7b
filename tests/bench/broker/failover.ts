import { ClusterClient } from '../../broker/cluster/cluster-client.ts'
import { NumberedProducer } from '../../broker/cluster/numbered-producer.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { Figure } from '../figures-table.ts'
import type { BenchOptions } from './options.ts'
import type { Pair, System } from './pair.ts'

const topic = 'failover'
const partitions = 3

type Victim = (client: ClusterClient) => Promise<number>

/** The longest time without an acknowledgement in any of the partitions after a broker's SIGKILL; acks all. */
export async function measureFailover(pair: Pair, { rounds }: BenchOptions): Promise<Figure[]> {
  for (const system of [pair.ours, pair.peer]) await createTopic(system)
  const leader: Victim = async (client) => (await client.requirePartition(topic, 0)).leaderId
  const controller: Victim = (client) => client.controllerId()
  return [
    { what: 'gap in produce, leader killed', unit: 'ms', ...(await measure(pair, rounds, leader)) },
    { what: 'gap in produce, controller killed', unit: 'ms', ...(await measure(pair, rounds, controller)) },
  ]
}

function measure(pair: Pair, rounds: number, victim: Victim) {
  return pair.inTurns(rounds, (system) => gapAfterKill(system, victim))
}

async function createTopic(system: System): Promise<void> {
  const client = new ClusterClient(system.brokers)
  await client.createTopic(topic, { partitions })
  client.close()
}

async function gapAfterKill(system: System, victim: Victim): Promise<number> {
  const client = new ClusterClient(system.brokers)
  await client.waitForFullIsr(topic, 120_000)
  const producers = Array.from({ length: partitions }, (_, index) => {
    return new NumberedProducer(client, { topic, index, isIdempotent: true })
  })
  await waitForProgress(producers)
  for (const producer of producers) producer.forgetGaps()
  await system.crash(await victim(client))
  await waitForProgress(producers)
  const longestGapMs = Math.max(...producers.map((producer) => producer.longestGapMs))
  for (const producer of producers) await producer.stop()
  await client.waitForFullIsr(topic, 120_000)
  client.close()
  return longestGapMs
}

/** Resolves once every partition has been written to again since the call. */
async function waitForProgress(producers: readonly NumberedProducer[]): Promise<void> {
  const before = producers.map(({ acknowledged }) => acknowledged)
  await waitFor(
    'every partition to be written to',
    () => producers.every((producer, i) => producer.acknowledged > (before[i] ?? 0) + 30),
    { timeoutMs: 120_000 },
  )
}
