import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AlertEngine } from '../../../../lib/monitor/alert/alert-engine.ts'
import { createTestDatabase, type TestDatabase } from '../../../support/test-database.ts'
import { replicatedSnapshot } from './replicated-snapshot.ts'
import { WebhookReceiver } from './webhook-receiver.ts'

const tickMs = 5_000

let database: TestDatabase
let receiver: WebhookReceiver
let engine: AlertEngine
let nowMs: number
const log = { warn: () => undefined, error: () => undefined }

beforeEach(async () => {
  ;[database, receiver] = await Promise.all([createTestDatabase(), WebhookReceiver.start()])
  nowMs = Date.now()
  engine = await open()
})
afterEach(async () => {
  await engine.close()
  await receiver.close()
  await database.close()
})

async function open(): Promise<AlertEngine> {
  const opened = new AlertEngine({
    database,
    clock: { nowMs: () => nowMs },
    log,
    baseUrl: 'http://eyrie.example',
    tickMs,
    webhookAddresses: 'any',
  })
  await opened.start()
  return opened
}

async function restart(): Promise<void> {
  await engine.close()
  engine = await open()
}

async function leaveOnlyUnderReplicated(): Promise<void> {
  await database.prisma.alertRule.updateMany({
    where: { id: { not: 'under_replicated' } },
    data: { isEnabled: false },
  })
  await restart()
}

function addChannel(options: { url?: string; secret?: string; name?: string } = {}) {
  const { url = receiver.url, secret = 'shared', name = 'pager' } = options
  return database.prisma.channel.create({
    data: { id: randomUUID(), kind: 'webhook', name, url, secret, isEnabled: true },
  })
}

/** Rounds for so many seconds, one a tick. */
async function rounds(seconds: number, cluster: Omit<Parameters<typeof replicatedSnapshot>[0], 'atMs'>): Promise<void> {
  for (let passed = 0; passed < seconds * 1_000; passed += tickMs) {
    nowMs += tickMs
    await engine.evaluate(replicatedSnapshot({ atMs: nowMs, ...cluster }))
  }
}

function bodies(): {
  status: string
  alerts: { labels: Record<string, string>; startsAt: string; endsAt: string }[]
}[] {
  return receiver.received.map(({ body }) => JSON.parse(body))
}

function underReplicated() {
  const { open: opened, recent } = engine.incidents('main')
  return [...opened, ...recent].filter(({ rule }) => rule === 'under_replicated')
}

async function settled(isSettled: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!isSettled()) {
    if (performance.now() > deadline) throw new Error(`not settled: ${JSON.stringify(engine.incidents('main'))}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('a stopped broker', () => {
  it('raises one under-replicated alert that reaches the webhook, and its end when the broker is back', async () => {
    await addChannel()
    await leaveOnlyUnderReplicated()
    await rounds(60, { down: [2] })
    expect(underReplicated()).toMatchObject([{ state: 'pending', firedAtMs: null }])
    expect(receiver.received).toEqual([])

    await rounds(5, { down: [2] })
    await receiver.count(1)
    const firedAt = new Date(nowMs).toISOString()
    expect(bodies()[0]).toMatchObject({
      version: '4',
      status: 'firing',
      receiver: 'pager',
      externalURL: 'http://eyrie.example',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'under_replicated', cluster: 'main', severity: 'warning' },
          annotations: {
            summary: '2 partitions of 1 topic of main miss a replica; out of sync: broker 2.',
            partitionList: 'orders 0, 1',
            brokers: '2',
          },
          startsAt: firedAt,
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'http://eyrie.example/clusters/main/alerts',
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
      ],
    })
    await settled(() => underReplicated()[0]?.deliveries[0]?.status === 'delivered')

    await rounds(60, {})
    expect(underReplicated()).toMatchObject([{ state: 'recovering' }])
    await rounds(5, {})
    await receiver.count(2)
    expect(bodies()[1]).toMatchObject({
      status: 'resolved',
      commonAnnotations: { summary: expect.stringMatching(/^Resolved: 2 partitions/) },
      alerts: [{ startsAt: firedAt, endsAt: new Date(nowMs).toISOString() }],
    })
    await settled(() => underReplicated()[0]?.deliveries.length === 2)
    expect(underReplicated()).toMatchObject([
      {
        state: 'resolved',
        resolvedReason: 'cleared',
        params: { partitions: 2 },
        deliveries: [{ kind: 'fire' }, { kind: 'resolve' }],
      },
    ])
    expect(receiver.received).toHaveLength(2)
  })

  it('raises one alert of the broker too', async () => {
    await rounds(65, { down: [3] })
    expect(engine.incidents('main').open.map(({ rule, subject, state }) => [rule, subject.id, state])).toEqual([
      ['under_replicated', 'main', 'firing'],
      ['broker_down', '3', 'firing'],
    ])
  })

  it('that leaves the cluster for good ends its alert as gone', async () => {
    await rounds(65, { down: [3] })
    await rounds(130, { gone: [3] })
    expect(engine.incidents('main').recent.find(({ rule }) => rule === 'broker_down')).toMatchObject({
      resolvedReason: 'subjectGone',
    })
  })
})

describe('rounds without fresh metadata', () => {
  it('neither fire nor resolve anything', async () => {
    await rounds(30, { down: [2] })
    await rounds(600, { down: [2], metadataProblem: 'no broker answers' })
    expect(underReplicated()).toMatchObject([{ state: 'pending' }])
    await rounds(60, { down: [2] })
    expect(underReplicated()).toMatchObject([{ state: 'firing' }])
    await rounds(600, { metadataProblem: 'no broker answers' })
    expect(underReplicated()).toMatchObject([{ state: 'firing' }])
  })
})

describe('after a restart', () => {
  it('a pending alert goes on where it was, and the one incident of a firing one ends', async () => {
    await addChannel()
    await rounds(50, { down: [2] })
    await restart()
    await rounds(20, { down: [2] })
    expect(underReplicated()).toMatchObject([{ state: 'firing' }])
    const id = underReplicated()[0]?.id
    await restart()
    await rounds(65, {})
    expect(underReplicated()).toMatchObject([{ id, state: 'resolved' }])
    expect(await database.prisma.incident.count({ where: { ruleId: 'under_replicated' } })).toBe(1)
  })

  it('what was under way is delivered again, under the same id', async () => {
    await addChannel()
    await leaveOnlyUnderReplicated()
    receiver.answers.push('hang')
    await rounds(65, { down: [2] })
    await receiver.count(1)
    await engine.close()
    nowMs += 60_000
    engine = await open()
    await receiver.count(2)
    expect(new Set(receiver.received.map(({ headers }) => headers['x-event-id'])).size).toBe(1)
  })
})

describe('transitions', () => {
  it('are all that is written', async () => {
    await rounds(65, { down: [2] })
    const before = await database.prisma.incident.findMany({ orderBy: { id: 'asc' } })
    const { rows: written } = await database.pool.query('select xmin::text from incidents order by id')
    await rounds(300, { down: [2] })
    expect(await database.prisma.incident.findMany({ orderBy: { id: 'asc' } })).toEqual(before)
    expect((await database.pool.query('select xmin::text from incidents order by id')).rows).toEqual(written)
  })

  it('are decided again when the database refuses them', async () => {
    await addChannel()
    await rounds(60, { down: [2] })
    await database.pool.query('alter table deliveries rename to away')
    nowMs += tickMs
    await expect(engine.evaluate(replicatedSnapshot({ atMs: nowMs, down: [2] }))).rejects.toThrow()
    expect(underReplicated()).toMatchObject([{ state: 'pending' }])
    expect(await database.prisma.incident.count({ where: { state: 'firing' } })).toBe(0)
    await database.pool.query('alter table away rename to deliveries')
    await rounds(5, { down: [2] })
    expect(underReplicated()).toMatchObject([{ state: 'firing' }])
  })

  it('of a rule that is switched off end its alerts', async () => {
    await rounds(65, { down: [2] })
    const rule = engine.rules().find(({ id }) => id === 'under_replicated')
    if (rule === undefined) throw new Error('no rule')
    engine.setRule({ ...rule, isEnabled: false })
    await rounds(10, { down: [2] })
    expect(underReplicated()).toMatchObject([{ state: 'resolved', resolvedReason: 'ruleDisabled' }])
  })

  it('are told to listeners', async () => {
    const told: string[] = []
    const stop = engine.onChange((clusterId) => told.push(clusterId))
    await rounds(5, { down: [2] })
    expect(told).toEqual(['main'])
    stop()
    await rounds(5, {})
    expect(told).toEqual(['main'])
  })
})

describe('delivery', () => {
  it('is tried again until the receiver takes it, and never lets the end overtake the start', async () => {
    await addChannel()
    await leaveOnlyUnderReplicated()
    receiver.answers.push({ status: 503 }, { status: 503 })
    await rounds(65, { down: [2] })
    await receiver.count(1)
    await settled(() => underReplicated()[0]?.deliveries[0]?.lastError !== null)
    expect(underReplicated()[0]?.deliveries[0]).toMatchObject({ status: 'waiting', lastError: 'It answered 503.' })
    await rounds(65, {})
    await receiver.count(2)
    await engine.close()
    nowMs += 60_000
    engine = await open()
    await receiver.count(4)
    expect(bodies().map(({ status }) => status)).toEqual(['firing', 'firing', 'firing', 'resolved'])
    await settled(() => underReplicated()[0]?.deliveries.every(({ status }) => status === 'delivered') === true)
  })

  it('that the receiver refuses is given up with its reason, and its end is not sent', async () => {
    await addChannel()
    receiver.answers.push({ status: 401 }, { status: 401 })
    await rounds(65, { down: [2] })
    await settled(() => underReplicated()[0]?.deliveries[0]?.status === 'failed')
    await rounds(65, {})
    await settled(() => underReplicated()[0]?.deliveries[1]?.status === 'failed')
    expect(underReplicated()[0]?.deliveries).toMatchObject([
      { kind: 'fire', lastError: 'It answered 401.' },
      { kind: 'resolve', lastError: 'Not sent: the alert that it ends was never delivered.' },
    ])
  })

  it('to one channel does not wait for another that hangs', async () => {
    const slow = await WebhookReceiver.start()
    slow.answers.push('hang', 'hang')
    await addChannel({ name: 'slow', url: slow.url })
    await addChannel({ name: 'pager' })
    await rounds(65, { down: [2] })
    await receiver.count(2)
    await engine.close()
    await slow.close()
  })
})
