import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type LiveFrame, liveFrame } from '../../../../lib/contract/live.ts'
import type { SessionUser } from '../../../../lib/contract/session.ts'
import { LiveHub } from '../../../../lib/monitor/live/live-hub.ts'
import type { LiveLimits } from '../../../../lib/monitor/live/live-limits.ts'

const ada: SessionUser = { id: 'ada', email: 'ada@example.org', name: 'Ada', role: 'viewer' }

let server: http.Server
let hub: LiveHub
let documents: Map<string, unknown>
let found: string[]
let sessions: Map<string, SessionUser>
let tabs: Tab[]

beforeEach(() => {
  documents = new Map()
  found = []
  sessions = new Map([['session=ada', ada]])
  tabs = []
})
afterEach(async () => {
  for (const tab of tabs) tab.socket.terminate()
  await hub.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function start(limits: Partial<LiveLimits> = {}): Promise<void> {
  hub = new LiveHub({
    documents: {
      find(channel) {
        found.push(channel)
        return documents.get(channel)
      },
    },
    findSession: async (headers) => sessions.get(headers.get('cookie') ?? ''),
    origins: (origin, host) => origin === `http://${host}`,
    log: {
      error({ error }) {
        throw error
      },
    },
    limits,
  })
  server = http.createServer()
  server.on('upgrade', (request, socket, head) => void hub.handleUpgrade(request, socket, head))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
}

interface Tab {
  readonly socket: WebSocket
  readonly frames: LiveFrame[]
  readonly closed: Promise<number>
  send(request: object): void
  /** The next frame that is not a beat. */
  next(): Promise<LiveFrame>
}

function address(): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

function dial(headers: { origin?: string; cookie?: string }): WebSocket {
  const { origin, ...rest } = headers
  return new WebSocket(`ws://${address()}/live`, { headers: rest, ...(origin === undefined ? {} : { origin }) })
}

async function open(): Promise<Tab> {
  const socket = dial({ origin: `http://${address()}`, cookie: 'session=ada' })
  const frames: LiveFrame[] = []
  const waiting: (() => void)[] = []
  socket.on('message', (data) => {
    const frame = liveFrame.parse(JSON.parse(data.toString()))
    if (frame.t !== 'beat') frames.push(frame)
    for (const wake of waiting.splice(0)) wake()
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const tab: Tab = {
    socket,
    frames,
    closed,
    send: (request) => socket.send(JSON.stringify(request)),
    async next() {
      while (frames.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return frames.shift() as LiveFrame
    },
  }
  tabs.push(tab)
  return tab
}

async function statusOf(socket: WebSocket): Promise<number | undefined> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
    socket.once('open', () => resolve(101))
  })
}

const topics = 'clusters/main/topics'

function topicsDocument(...sizes: number[]): object {
  return { topics: sizes.map((size, index) => ({ name: `t${index}`, size })), parts: {} }
}

describe('the upgrade', () => {
  it('is for pages of our origin with a session, and answers others in HTTP', async () => {
    await start()
    const origin = `http://${address()}`
    const cookie = 'session=ada'
    expect(await statusOf(dial({ cookie }))).toBe(403)
    expect(await statusOf(dial({ cookie, origin: 'http://evil.example' }))).toBe(403)
    expect(await statusOf(dial({ origin }))).toBe(401)
    expect(await statusOf(dial({ origin, cookie: 'session=eve' }))).toBe(401)
    const socket = dial({ origin, cookie })
    expect(await statusOf(socket)).toBe(101)
    socket.terminate()
  })

  it('is bounded a user', async () => {
    await start({ connectionsOfUserMax: 1 })
    await open()
    expect(await statusOf(dial({ origin: `http://${address()}`, cookie: 'session=ada' }))).toBe(503)
  })
})

describe('a channel', () => {
  it('is its document, then what changed in it', async () => {
    await start()
    documents.set(topics, topicsDocument(1, 2))
    const tab = await open()
    tab.send({ t: 'sub', channel: topics })
    const snapshot = await tab.next()
    expect(snapshot).toMatchObject({ t: 'snap', channel: topics, data: topicsDocument(1, 2) })
    documents.set(topics, topicsDocument(1, 3))
    hub.publish('clusters/main')
    expect(await tab.next()).toEqual({
      t: 'd',
      channel: topics,
      seq: (snapshot.t === 'snap' ? snapshot.seq : 0) + 1,
      data: { set: {}, rows: { topics: { upsert: [{ name: 't1', size: 3 }], remove: [] } } },
    })
  })

  it('is computed once for all tabs, and not at all for none', async () => {
    await start()
    documents.set(topics, topicsDocument(1))
    documents.set('clusters/main/groups', { groups: [] })
    const all = await Promise.all([open(), open(), open()])
    for (const tab of all) {
      tab.send({ t: 'sub', channel: topics })
      await tab.next()
    }
    found = []
    documents.set(topics, topicsDocument(2))
    hub.publish('clusters/main')
    hub.publish('clusters/main')
    await Promise.all(all.map((tab) => tab.next()))
    expect(found).toEqual([topics])
  })

  it('is left alone by what is published elsewhere', async () => {
    await start()
    documents.set(topics, topicsDocument(1))
    const tab = await open()
    tab.send({ t: 'sub', channel: topics })
    await tab.next()
    documents.set(topics, topicsDocument(2))
    hub.publish('clusters/mainland')
    hub.publish('clusters/main/topic')
    tab.send({ t: 'sub', channel: 'clusters/main/nothing' })
    expect(await tab.next()).toMatchObject({ t: 'err', channel: 'clusters/main/nothing' })
    expect(tab.frames).toEqual([])
  })

  it('begins when its document does, and ends with it', async () => {
    await start()
    const tab = await open()
    tab.send({ t: 'sub', channel: topics })
    expect(await tab.next()).toMatchObject({ t: 'err', code: 'not_found', channel: topics })
    documents.set(topics, topicsDocument(1))
    hub.publish('clusters/main')
    expect(await tab.next()).toMatchObject({ t: 'snap', data: topicsDocument(1) })
    documents.delete(topics)
    hub.publish('clusters/main')
    expect(await tab.next()).toMatchObject({ t: 'err', code: 'not_found' })
  })
})

it('a document that is there at last goes to those who wait for it as well', async () => {
  await start()
  const first = await open()
  first.send({ t: 'sub', channel: topics })
  expect(await first.next()).toMatchObject({ t: 'err' })
  documents.set(topics, topicsDocument(1))
  const second = await open()
  second.send({ t: 'sub', channel: topics })
  expect([await first.next(), await second.next()]).toMatchObject([{ t: 'snap' }, { t: 'snap' }])
})

describe('resuming', () => {
  async function leaveAt(sizes: number): Promise<{ epoch: string; seq: number }> {
    documents.set(topics, topicsDocument(sizes))
    const tab = await open()
    tab.send({ t: 'sub', channel: topics })
    const frame = await tab.next()
    tab.socket.terminate()
    await tab.closed
    if (frame.t !== 'snap') throw new Error('a snapshot comes first')
    return { epoch: frame.epoch, seq: frame.seq }
  }

  it('replays what was missed', async () => {
    await start()
    documents.set(topics, topicsDocument(1))
    const stayer = await open()
    stayer.send({ t: 'sub', channel: topics })
    await stayer.next()
    const position = await leaveAt(1)
    for (const size of [2, 3]) {
      documents.set(topics, topicsDocument(size))
      hub.publish('clusters/main')
      await stayer.next()
    }
    const tab = await open()
    tab.send({ t: 'sub', channel: topics, ...position })
    expect([await tab.next(), await tab.next()]).toMatchObject([
      { t: 'd', seq: position.seq + 1 },
      { t: 'd', seq: position.seq + 2, data: { rows: { topics: { upsert: [{ size: 3 }] } } } },
    ])
  })

  it('works also when nobody else stayed', async () => {
    await start()
    const position = await leaveAt(1)
    documents.set(topics, topicsDocument(9))
    const tab = await open()
    tab.send({ t: 'sub', channel: topics, ...position })
    expect(await tab.next()).toMatchObject({ t: 'd', seq: position.seq + 1 })
  })

  it('gives a snapshot to one of another epoch, or from too far back', async () => {
    await start()
    const position = await leaveAt(1)
    const tab = await open()
    tab.send({ t: 'sub', channel: topics, epoch: 'of-another-process', seq: position.seq })
    expect(await tab.next()).toMatchObject({ t: 'snap' })
    for (let size = 0; size < 70; size += 1) {
      documents.set(topics, topicsDocument(1_000 + size))
      hub.publish('clusters/main')
      await tab.next()
    }
    const late = await open()
    late.send({ t: 'sub', channel: topics, ...position })
    expect(await late.next()).toMatchObject({ t: 'snap', data: topicsDocument(1_069) })
  })
})

describe('a tab that does not read', () => {
  it('gets the latest state when it reads again, and not all before it', async () => {
    await start({ behindCheckMs: 5 })
    const wide = (version: number) => ({ version, filler: String(version).repeat(400_000) })
    documents.set(topics, wide(1))
    const [slow, quick] = await Promise.all([open(), open()])
    for (const tab of [slow, quick]) {
      tab.send({ t: 'sub', channel: topics })
      await tab.next()
    }
    slow.socket.pause()
    for (let version = 2; version < 42; version += 1) {
      documents.set(topics, wide(version))
      hub.publish('clusters/main')
      expect(await quick.next()).toMatchObject({ t: 'd', data: { set: { version } } })
    }
    slow.socket.resume()
    const versions: number[] = []
    while (versions.at(-1) !== 41) {
      const frame = await slow.next()
      if (frame.t === 'snap') versions.push((frame.data as { version: number }).version)
      if (frame.t === 'd') versions.push((frame.data.set as { version: number }).version)
    }
    expect(versions.length).toBeLessThan(30)
    expect(versions).toEqual([...versions].sort((left, right) => left - right))
  })

  it('is cut off when it stays behind', async () => {
    await start({ behindCheckMs: 5, behindMsMax: 50, pauseAboveBytes: 1_000, resumeBelowBytes: 500 })
    documents.set(topics, { filler: 'x' })
    const tab = await open()
    tab.send({ t: 'sub', channel: topics })
    await tab.next()
    tab.socket.pause()
    const deadline = performance.now() + 10_000
    for (let version = 0; hub.connections > 0 && performance.now() < deadline; version += 1) {
      documents.set(topics, { filler: `${version}`.repeat(1_000_000) })
      hub.publish('clusters/main')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(hub.connections).toBe(0)
  })
})

describe('a session', () => {
  it('that ends closes its tabs', async () => {
    await start()
    const tab = await open()
    sessions.clear()
    await hub.recheckSessions()
    expect(await tab.closed).toBe(4401)
  })

  it('is looked at again by itself', async () => {
    await start({ sessionCheckMs: 10 })
    const tab = await open()
    sessions.clear()
    expect(await tab.closed).toBe(4401)
  })
})

describe('limits', () => {
  it('hold for requests and channels', async () => {
    await start({ requestsMax: 3, channelsOfConnectionMax: 1 })
    const tab = await open()
    tab.send({ t: 'sub', channel: 'a' })
    tab.send({ t: 'sub', channel: 'b' })
    expect([await tab.next(), await tab.next()]).toMatchObject([
      { t: 'err', channel: 'a', code: 'not_found' },
      { t: 'err', channel: 'b', code: 'too_many_requests' },
    ])
    tab.socket.send('no json')
    expect(await tab.next()).toMatchObject({ t: 'err', code: 'invalid_request' })
    tab.send({ t: 'unsub', channel: 'a' })
    expect(await tab.closed).toBe(1008)
  })

  it('hold for the size of a request', async () => {
    await start()
    const tab = await open()
    tab.socket.send('x'.repeat(20_000))
    expect(await tab.closed).toBe(1009)
  })

  it('end a connection that does not answer pings', async () => {
    await start({ heartbeatMs: 30 })
    const tab = await open()
    tab.socket.pause()
    const deadline = performance.now() + 10_000
    while (hub.connections > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(hub.connections).toBe(0)
  })
})

it('says good-bye and when to come back', async () => {
  await start()
  const tab = await open()
  await hub.close()
  expect(await tab.next()).toMatchObject({ t: 'bye', retryAfterMs: expect.any(Number) })
  expect(await tab.closed).toBe(1012)
})
