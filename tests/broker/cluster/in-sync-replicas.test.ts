import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deleteTopics } from '../../../broker/protocol/messages/20-delete-topics.ts'
import { electLeaders } from '../../../broker/protocol/messages/43-elect-leaders.ts'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'
import { ClusterClient } from './cluster-client.ts'

const topic = 'replicated'
const preferred = 0

let cluster: TestCluster
let client: ClusterClient
let controllerId: number
let followers: number[]

/** The controller leads the topic: what happens to the others is then seen and decided by one that is well. */
beforeAll(async () => {
  cluster = await startTestCluster({ properties: { 'replica.lag.time.max.ms': '1000' } })
  client = new ClusterClient(cluster.brokers)
  controllerId = await client.controllerId()
  followers = client.brokerIds.filter((brokerId) => brokerId !== controllerId)
  await client.createTopic(topic, { replicas: [controllerId, ...followers] })
  await client.waitForFullIsr(topic)
})

afterAll(async () => {
  client?.close()
  await cluster?.stop()
})

/** SIGSTOP, with a client that asks the others; `goOn` ends it. The supervisor would after 7 s, by SIGKILL. */
function hang(brokerIds: readonly number[]) {
  const pids = brokerIds.map((brokerId) => cluster.pidOf(brokerId))
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  const others = new ClusterClient(cluster.brokers, { without: brokerIds })
  const goOn = () => {
    others.close()
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
  return { others, goOn }
}

function waitForIsr(asking: ClusterClient, brokerIds: readonly number[]): Promise<true> {
  const wanted = brokerIds.toSorted().join()
  return waitFor(`an ISR of ${wanted}`, async () => {
    const { isrNodes } = await asking.requirePartition(topic, 0)
    return isrNodes.toSorted().join() === wanted
  })
}

it('shrinks the ISR by a follower that hangs and grows it back', async () => {
  const [hung = -1, well = -1] = followers
  const { others, goOn } = hang([hung])
  expect(await others.produce(topic, 0, ['while one hangs'])).toBe(0)
  await waitForIsr(others, [controllerId, well])
  goOn()
  await waitForIsr(client, client.brokerIds)
})

it('refuses acks=all, and only that, with fewer than min.insync.replicas in sync', async () => {
  const { others, goOn } = hang(followers)
  // A follower is only late when there is something to follow.
  expect(await others.produce(topic, 0, ['acks 1'], { acks: 1 })).toBe(1)
  await waitForIsr(others, [controllerId])
  await expect(others.produce(topic, 0, ['refused'])).rejects.toThrow('NOT_ENOUGH_REPLICAS')
  goOn()
  await waitForIsr(client, client.brokerIds)
  // The metadata may tell of a grown ISR a moment before the leader counts on it.
  const offset = await waitFor('a leader with enough replicas', () => produceUnlessRefused(['acks all']))
  expect(offset).toBe(2)
  expect(await client.readAll(topic, 0)).toEqual(['while one hangs', 'acks 1', 'acks all'])
})

it('kills a controller that hangs, and serves with and without it', { timeout: 60_000 }, async () => {
  const hungPid = cluster.pidOf(controllerId)
  const { others } = hang([controllerId])
  const newLeader = await waitFor(
    'another leader',
    async () => {
      const { leaderId } = await others.requirePartition(topic, 0)
      return leaderId !== controllerId && leaderId !== -1 && leaderId
    },
    { timeoutMs: 30_000 },
  )
  expect(followers).toContain(newLeader)
  expect(await others.controllerId()).not.toBe(controllerId)
  expect(await others.produce(topic, 0, ['without it'])).toBe(3)
  others.close()
  await client.waitForFullIsr(topic)
  expect(cluster.pidOf(controllerId)).not.toBe(hungPid)
})

it('gives the leadership back to the preferred replica when asked', async () => {
  const asked = { electionType: preferred, topicPartitions: [{ topic, partitions: [0] }], timeoutMs: 5_000 }
  const answer = await client.send(await client.controllerId(), electLeaders, 2, asked)
  expect(answer.replicaElectionResults[0]?.partitionResult[0]?.errorCode).toBe(0)
  await waitFor('the preferred leader', async () => (await client.requirePartition(topic, 0)).leaderId === controllerId)
  expect(await client.readAll(topic, 0)).toEqual(['while one hangs', 'acks 1', 'acks all', 'without it'])
})

it('removes the folders of a deleted topic on every broker', async () => {
  const folders = async () => {
    const listed = client.brokerIds.map((brokerId) => readdir(path.join(cluster.dataDirectory, `broker-${brokerId}`)))
    return (await Promise.all(listed)).flat().filter((name) => name.startsWith(`${topic}-`))
  }
  expect(await folders()).toHaveLength(3)
  await client.sendToAny(deleteTopics, 5, { topicNames: [topic], timeoutMs: 5_000 })
  await waitFor('no folder', async () => (await folders()).length === 0)
  await expect(client.describeTopic(topic)).rejects.toThrow('UNKNOWN_TOPIC_OR_PARTITION')
})

async function produceUnlessRefused(values: string[]): Promise<number | undefined> {
  try {
    return await client.produce(topic, 0, values)
  } catch (error) {
    if (error instanceof Error && error.message === 'NOT_ENOUGH_REPLICAS') return undefined
    throw error
  }
}
