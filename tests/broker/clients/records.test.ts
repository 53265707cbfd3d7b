import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../../support/wait-for.ts'
import { type ClientCluster, clientNames, startClientCluster } from './client-cluster.ts'
import type { ClientUnderTest } from './client-under-test.ts'

let cluster: ClientCluster

beforeAll(async () => {
  cluster = await startClientCluster()
})

afterAll(() => cluster?.close())

const values = Array.from({ length: 100 }, (_, n) => `value ${n} ${'x'.repeat(50)}`)

describe.each(clientNames)('%s', { timeout: 60_000 }, (name) => {
  let client: ClientUnderTest
  let topics = 0

  beforeAll(() => {
    client = cluster.clients[name]
  })

  async function newTopic(options: { partitions?: number; configs?: Record<string, string> } = {}): Promise<string> {
    const topic = `${name.replace(/\W/g, '')}-${topics++}`
    await client.createTopic(topic, options)
    return topic
  }

  /** As a new group reads the topic from its start. */
  async function readAll(topic: string, count: number): Promise<string[]> {
    const member = await client.join(`${topic}-readers`, topic)
    await waitFor(`${count} records`, () => member.received.length >= count)
    await member.leave()
    return member.received.map(({ value }) => value)
  }

  it.each([-1, 0, 1] as const)('reads what was written with acks %i', async (acks) => {
    const topic = await newTopic()
    await client.produce(topic, values, { acks })
    expect(await readAll(topic, values.length)).toEqual(values)
  })

  it('reads what was written with each of its codecs', async () => {
    const topic = await newTopic()
    for (const compression of client.compressions) await client.produce(topic, values, { compression })
    const count = values.length * client.compressions.length
    expect(await readAll(topic, count)).toEqual(client.compressions.flatMap(() => values))
  })

  it('writes idempotently', async () => {
    const topic = await newTopic()
    await client.produce(topic, values, { isIdempotent: true })
    await client.produce(topic, values, { isIdempotent: true })
    expect(await client.latestOffset(topic, 0)).toBe(2 * values.length)
  })

  it('reads keys and headers', async () => {
    const topic = await newTopic()
    await client.produceKeyed(topic, 'value')
    const member = await client.join(`${topic}-readers`, topic)
    await waitFor('the record', () => member.received.length > 0)
    await member.leave()
    expect(member.received[0]).toMatchObject({ offset: 0, key: 'key', value: 'value', headers: { header: 'of it' } })
  })

  it('receives a record soon after it was written, though it polls for half a second', async () => {
    const topic = await newTopic()
    const member = await client.join(`${topic}-readers`, topic)
    await client.produce(topic, ['first'])
    await waitFor('the first record', () => member.received.length === 1)
    const delaysMs: number[] = []
    for (let n = 2; n <= 5; n++) {
      await client.produce(topic, ['next'])
      const writtenAtMs = performance.now()
      await waitFor('the next record', () => member.received.length === n, { intervalMs: 1 })
      delaysMs.push(performance.now() - writtenAtMs)
    }
    await member.leave()
    expect(Math.min(...delaysMs)).toBeLessThan(200)
  })

  it('creates a topic by writing to it, with the broker’s defaults', async () => {
    const topic = `${name.replace(/\W/g, '')}-automatic`
    await client.produce(topic, values)
    expect(await client.countPartitions(topic)).toBe(2)
    expect(await readAll(topic, values.length)).toHaveLength(values.length)
  })

  it('is told that a topic is unknown, which does not create it', async () => {
    await expect(client.countPartitions('nobody-made-this')).rejects.toThrow()
    expect(await client.listTopics()).not.toContain('nobody-made-this')
  })

  it('is refused a record that is too large, and goes on', async () => {
    const topic = await newTopic({ configs: { 'max.message.bytes': '10000' } })
    await expect(client.produce(topic, ['x'.repeat(20_000)])).rejects.toThrow()
    await client.produce(topic, ['small'])
    expect(await readAll(topic, 1)).toEqual(['small'])
  })

  it('finds offsets by time', async () => {
    const topic = await newTopic()
    await client.produce(topic, ['earlier'], { partition: 0 })
    const betweenMs = await nextMillisecond()
    await client.produce(topic, ['later'], { partition: 0 })
    expect(await client.offsetAt(topic, 0, 0)).toBe(0)
    expect(await client.offsetAt(topic, 0, betweenMs)).toBe(1)
    expect(await client.latestOffset(topic, 0)).toBe(2)
  })
})

/** What is written before the call is older, what is written after it is not. */
function nextMillisecond(): Promise<number> {
  const calledAtMs = Date.now()
  return waitFor('the clock to move on', () => Date.now() > calledAtMs && Date.now(), { intervalMs: 1 })
}
