import { createTopics } from '../../../broker/protocol/messages/19-create-topics.ts'
import { ClusterClient } from '../../broker/cluster/cluster-client.ts'
import type { Figure } from '../figures-table.ts'
import { measureMemory } from './memory.ts'
import type { Pair, System } from './pair.ts'

const requests = 10
const topicsInRequest = 100
const partitions = 10

/** 1,000 topics of 10 partitions: how long it takes to create them, and what they cost the brokers when nothing is written. */
export async function measureManyPartitions(pair: Pair): Promise<Figure[]> {
  const creation = await pair.inTurns(1, create)
  return [
    { what: 'create 1,000 topics of 10 partitions', unit: 'ms', ...creation },
    ...measureMemory(pair, 'with 10,000 partitions'),
  ]
}

async function create(system: System): Promise<number> {
  const client = new ClusterClient(system.brokers)
  const connection = await client.connectAlone(1)
  const startedAt = performance.now()
  for (let request = 0; request < requests; request++) {
    const topics = Array.from({ length: topicsInRequest }, (_, index) => ({
      name: `many-${request}-${index}`,
      numPartitions: partitions,
      replicationFactor: 3,
      assignments: [],
      configs: [],
    }))
    const answer = await connection.send(createTopics, 7, { topics, timeoutMs: 120_000 }, { timeoutMs: 120_000 })
    const refused = answer.topics.find(({ errorCode }) => errorCode !== 0)
    if (refused !== undefined) throw new Error(`${refused.name}: ${refused.errorMessage}`)
  }
  const elapsedMs = performance.now() - startedAt
  for (let request = 0; request < requests; request++) await client.waitForFullIsr(`many-${request}-0`, 120_000)
  connection.close()
  client.close()
  return elapsedMs
}
