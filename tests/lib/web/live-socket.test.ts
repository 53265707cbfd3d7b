import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { LiveFrame, LiveRequest } from '../../../lib/contract/live.ts'
import { LiveSocket, type SocketLike } from '../../../lib/web/live-socket.ts'

let server: Server
let hub: WebSocketServer
let socket: LiveSocket
let received: LiveRequest[]
let documents: [channel: string, document: unknown][]

beforeEach(async () => {
  received = []
  documents = []
  server = createServer()
  hub = new WebSocketServer({ server })
  hub.on('connection', (connection) => {
    connection.on('message', (data) => received.push(JSON.parse(String(data))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  socket = new LiveSocket({
    connect: () => new WebSocket(`ws://127.0.0.1:${port}`) as unknown as SocketLike,
    onDocument: (channel, document) => documents.push([channel, document]),
    now: () => 1_000,
    random: () => 0,
  })
})

afterEach(async () => {
  socket.close()
  for (const client of hub.clients) client.terminate()
  await new Promise((resolve) => server.close(resolve))
})

function send(frame: LiveFrame) {
  for (const client of hub.clients) client.send(JSON.stringify(frame))
}

const snapshot: LiveFrame = { t: 'snap', channel: 'a', epoch: 'e', seq: 1, data: { topics: [{ name: 'x', n: 1 }] } }
const delta = (seq: number, n: number): LiveFrame => ({
  t: 'd',
  channel: 'a',
  seq,
  data: { set: {}, rows: { topics: { upsert: [{ name: 'x', n }], remove: [] } } },
})

async function connectAndTakeSnapshot() {
  socket.subscribe('a')
  socket.open()
  await vi.waitFor(() => expect(received).toEqual([{ t: 'sub', channel: 'a' }]))
  send(snapshot)
  await vi.waitFor(() => expect(documents).toHaveLength(1))
}

test('a snapshot and its deltas become documents', async () => {
  await connectAndTakeSnapshot()
  send(delta(2, 7))
  await vi.waitFor(() => expect(documents.at(-1)).toEqual(['a', { topics: [{ name: 'x', n: 7 }] }]))
  expect(socket.status).toEqual({ state: 'live', heardAtMs: 1_000 })
})

test('a missing delta starts the channel anew', async () => {
  await connectAndTakeSnapshot()
  send(delta(3, 7))
  await vi.waitFor(() =>
    expect(received.slice(1)).toEqual([
      { t: 'unsub', channel: 'a' },
      { t: 'sub', channel: 'a' },
    ]),
  )
  expect(documents).toHaveLength(1)
})

test('after a break it comes back and resumes where it was', async () => {
  await connectAndTakeSnapshot()
  for (const client of hub.clients) client.terminate()
  await vi.waitFor(() => expect(received.at(-1)).toEqual({ t: 'sub', channel: 'a', epoch: 'e', seq: 1 }))
  expect(received).toHaveLength(2)
})

test('two subscribers share one subscription and the last to leave ends it', async () => {
  await connectAndTakeSnapshot()
  const leaveFirst = socket.subscribe('a')
  const leaveSecond = socket.subscribe('b')
  await vi.waitFor(() => expect(received.at(-1)).toEqual({ t: 'sub', channel: 'b' }))
  leaveFirst()
  leaveSecond()
  await vi.waitFor(() => expect(received.at(-1)).toEqual({ t: 'unsub', channel: 'b' }))
  expect(received.filter(({ channel }) => channel === 'a')).toHaveLength(1)
})

test('a hidden tab wants nothing until it is shown again', async () => {
  await connectAndTakeSnapshot()
  socket.setHidden(true)
  await vi.waitFor(() => expect(received.at(-1)).toEqual({ t: 'unsub', channel: 'a' }))
  socket.setHidden(false)
  await vi.waitFor(() => expect(received.at(-1)).toEqual({ t: 'sub', channel: 'a', epoch: 'e', seq: 1 }))
})

test('paused, the figures are held', async () => {
  await connectAndTakeSnapshot()
  socket.setPaused(true)
  send(delta(2, 7))
  await vi.waitFor(() => expect(received.at(-1)).toEqual({ t: 'unsub', channel: 'a' }))
  expect(documents).toHaveLength(1)
  expect(socket.status.state).toBe('paused')
})
