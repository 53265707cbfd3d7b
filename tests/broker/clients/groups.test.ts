import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../../support/wait-for.ts'
import { type ClientCluster, type ClientName, clientNames, startClientCluster } from './client-cluster.ts'
import type { ClientUnderTest, Member } from './client-under-test.ts'

let cluster: ClientCluster

beforeAll(async () => {
  cluster = await startClientCluster()
})

afterAll(() => cluster?.close())

const partitions = 4
const everyPartition = Array.from({ length: partitions }, (_, index) => index)

function waitForAssignment(members: readonly Member[]): Promise<true> {
  return waitFor('every partition to have one member, and every member one', () => {
    const assigned = members.flatMap((member) => member.assigned()).toSorted((a, b) => a - b)
    return members.every((member) => member.assigned().length > 0) && assigned.join() === everyPartition.join()
  })
}

function hasReadItsPartitions({ received, assigned }: Member): boolean {
  return assigned().every((index) => received.some(({ partition }) => partition === index))
}

/** A member on a thread that can be killed. */
async function startDyingMember(client: ClientName, group: string, topic: string): Promise<Worker> {
  const workerData = { client, bootstrap: cluster.bootstrap, group, topic }
  const worker = new Worker(new URL('./dying-member.js', import.meta.url), { workerData })
  await once(worker, 'message')
  return worker
}

describe.each(clientNames)('%s', { timeout: 60_000 }, (name) => {
  let client: ClientUnderTest
  const prefix = name.replace(/\W/g, '')

  beforeAll(() => {
    client = cluster.clients[name]
  })

  it('shares partitions anew when a member joins and when one leaves', async () => {
    const topic = `${prefix}-shared`
    await client.createTopic(topic, { partitions })
    const first = await client.join(topic, topic)
    await waitForAssignment([first])
    const second = await client.join(topic, topic)
    await waitForAssignment([first, second])
    for (const partition of everyPartition) await client.produce(topic, [`to ${partition}`], { partition })
    // A fetch from before the rebalance may still bring the first one a record that is the second one's by now.
    await waitFor('each member’s records', () => [first, second].every(hasReadItsPartitions))
    await first.leave()
    await waitForAssignment([second])
    await second.leave()
  })

  it('takes over the partitions of a member that died', async () => {
    const topic = `${prefix}-survived`
    await client.createTopic(topic, { partitions })
    const survivor = await client.join(topic, topic)
    await waitForAssignment([survivor])
    const dying = await startDyingMember(name, topic, topic)
    await waitFor('the partitions to be shared', () => survivor.assigned().length === partitions / 2)
    await dying.terminate()
    await waitForAssignment([survivor])
    await survivor.leave()
  })

  it('resumes behind what was committed', async () => {
    const topic = `${prefix}-resumed`
    await client.createTopic(topic)
    await client.produce(topic, ['a', 'b', 'c'])
    const before = await client.join(topic, topic)
    await waitFor('the commit', async () => (await client.committedOffset(topic, topic, 0)) === 3)
    await before.leave()
    await client.produce(topic, ['d'])
    const after = await client.join(topic, topic)
    await waitFor('the new record', () => after.received.length > 0)
    await after.leave()
    expect(before.received.map(({ value }) => value)).toEqual(['a', 'b', 'c'])
    expect(after.received.map(({ value }) => value)).toEqual(['d'])
  })

  it('lists, describes and deletes groups, but not one with members', async () => {
    const topic = `${prefix}-described`
    await client.createTopic(topic, { partitions })
    const member = await client.join(topic, topic)
    await waitForAssignment([member])
    expect(await client.listGroups()).toContain(topic)
    expect(await client.describeGroup(topic)).toEqual({ state: 'Stable', members: 1 })
    await expect(client.deleteGroup(topic)).rejects.toThrow()
    await member.leave()
    await waitFor('the group to be empty', async () => (await client.describeGroup(topic)).state === 'Empty')
    await client.deleteGroup(topic)
    expect(await client.listGroups()).not.toContain(topic)
  })
})
