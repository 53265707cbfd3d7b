import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { heartbeat } from '../../../broker/protocol/messages/12-heartbeat.ts'
import { describeGroups } from '../../../broker/protocol/messages/15-describe-groups.ts'
import { Dispatcher } from '../../../broker/server/dispatcher.ts'
import { CloseConnection, type Handler, handler } from '../../../broker/server/handler.ts'
import { Listener, type ListenerLimits } from '../../../broker/server/listener.ts'

const limitsOfTest: ListenerLimits = {
  requestBytesMax: 1_000,
  requestsInFlightMax: 4,
  responseBytesMax: 64 * 1024,
  connectionsMax: 10,
  idleMsMax: 60_000,
}

interface TestClient {
  readonly socket: Socket
  /** All that has arrived, as hex. */
  readonly received: () => string
}

async function connectTo(
  handlers: readonly Handler[],
  limits: Partial<ListenerLimits> = {},
  bugs: unknown[] = [],
): Promise<TestClient> {
  const listener = new Listener({
    name: 'client',
    dispatcher: new Dispatcher('client', handlers),
    limits: { ...limitsOfTest, ...limits },
    onBug: (error) => bugs.push(error),
  })
  const port = await listener.listen('127.0.0.1', 0)
  listener.serve()
  const socket = connect(port, '127.0.0.1')
  onTestFinished(async () => {
    socket.destroy()
    await listener.close()
  })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  return { socket, received: () => Buffer.concat(chunks).toString('hex') }
}

/** Heartbeat v0 of generation 1; the correlation id tells them apart. */
function heartbeatFrame(correlationId: number): Buffer {
  const frame = Buffer.from('00000015000c0000000000000001630001670000000100016d', 'hex')
  frame.writeInt32BE(correlationId, 8)
  return frame
}

/** DescribeGroups v0 of no groups. */
const describeFrame = Buffer.from('0000000f000f000000000001000163' + '00000000', 'hex')

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error(`Not within 10 s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** Answers when the test says so. */
function heldHeartbeats() {
  const asked: (() => void)[] = []
  const held = handler(heartbeat, () => new Promise((resolve) => asked.push(() => resolve({ errorCode: 0 }))))
  return { asked, held }
}

describe('a connection', () => {
  it('answers in the order of the requests, whatever is done first', async () => {
    const { asked, held } = heldHeartbeats()
    const { socket, received } = await connectTo([held])
    socket.write(Buffer.concat([heartbeatFrame(1), heartbeatFrame(2), heartbeatFrame(3)]))
    await until('all are asked', () => asked.length === 3)
    asked[2]?.()
    asked[1]?.()
    expect(received()).toBe('')
    asked[0]?.()
    await until('all are answered', () => received().length === 60)
    expect(received()).toBe('00000006000000010000000000060000000200000000000600000003' + '0000')
  })

  it('takes a frame that arrives in pieces', async () => {
    const { socket, received } = await connectTo([handler(heartbeat, () => ({ errorCode: 0 }))])
    socket.setNoDelay(true)
    for (const byte of heartbeatFrame(1)) await new Promise((resolve) => socket.write(Buffer.from([byte]), resolve))
    await until('it is answered', () => received() === '00000006000000010000')
  })

  it('is not read from while too many requests wait', async () => {
    const { asked, held } = heldHeartbeats()
    const { socket, received } = await connectTo([held], { requestsInFlightMax: 4 })
    // Each in a segment of its own: what one read brings is handled.
    socket.setNoDelay(true)
    for (let i = 1; i <= 4; i++) socket.write(heartbeatFrame(i))
    await until('four are asked', () => asked.length === 4)
    socket.write(heartbeatFrame(5))
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toHaveLength(4)
    asked[0]?.()
    await until('the fifth is asked', () => asked.length === 5)
    for (const answer of asked) answer()
    await until('all are answered', () => received().length === 5 * 20)
  })

  it('handles no more than it may, although one chunk holds more', async () => {
    const { asked, held } = heldHeartbeats()
    const { socket, received } = await connectTo([held], { requestsInFlightMax: 4 })
    socket.write(Buffer.concat(Array.from({ length: 100 }, (_, i) => heartbeatFrame(i))))
    await until('four are asked', () => asked.length === 4)
    let answered = 0
    await until('all are answered, four at a time', () => {
      expect(asked.length - answered).toBeLessThanOrEqual(4)
      asked[answered]?.()
      if (answered < asked.length) answered += 1
      return received().length === 100 * 20
    })
  })

  it('does not read from a client that does not read', async () => {
    let answered = 0
    const groupId = 'g'.repeat(30_000)
    const large = handler(describeGroups, () => {
      answered += 1
      const group = { errorCode: 0, groupId, groupState: '', protocolType: '', protocolData: '', members: [] }
      return { groups: Array.from({ length: 30 }, () => group) }
    })
    const { socket } = await connectTo([large])
    socket.pause()
    const requests = 200
    for (let i = 0; i < requests; i++) socket.write(describeFrame)
    let before = -1
    await until('it stops answering', () => {
      const isStill = answered === before && answered > 0
      before = answered
      return isStill
    })
    expect(answered).toBeLessThan(requests)
    socket.resume()
    await until('it goes on', () => answered === requests)
  })

  it.each([
    ['a frame larger than allowed', Buffer.from('7fffffff', 'hex')],
    ['an api that is not served', Buffer.from('0000000d03e70000000000070001630000', 'hex')],
  ])('ends at %s, without a bug to tell of', async (_, bytes) => {
    const bugs: unknown[] = []
    const { socket } = await connectTo([handler(heartbeat, () => ({ errorCode: 0 }))], {}, bugs)
    socket.write(bytes)
    await new Promise((resolve) => socket.once('close', resolve))
    expect(bugs).toEqual([])
  })

  it('ends when a handler wants it to, and tells of a handler that failed', async () => {
    const bugs: unknown[] = []
    const bug = new TypeError('a bug')
    for (const error of [new CloseConnection('no'), bug]) {
      const failing = handler(heartbeat, async () => {
        throw error
      })
      const { socket } = await connectTo([failing], {}, bugs)
      socket.write(heartbeatFrame(1))
      await new Promise((resolve) => socket.once('close', resolve))
    }
    expect(bugs).toEqual([bug])
  })

  it('ends when nothing has moved for connections.max.idle.ms', async () => {
    const { socket } = await connectTo([], { idleMsMax: 20 })
    await new Promise((resolve) => socket.once('close', resolve))
    expect(socket.destroyed).toBe(true)
  })

  it('tells a handler when its answer has left, and not before', async () => {
    const released: number[] = []
    const asked: (() => void)[] = []
    const lending = handler(heartbeat, (_, { delivery }) => {
      const id = asked.length + 1
      delivery?.whenSent(() => released.push(id))
      return new Promise((resolve) => asked.push(() => resolve({ errorCode: 0 })))
    })
    const { socket, received } = await connectTo([lending])
    socket.write(Buffer.concat([heartbeatFrame(1), heartbeatFrame(2)]))
    await until('both are asked', () => asked.length === 2)
    asked[1]?.()
    await new Promise((resolve) => setImmediate(resolve))
    expect(released).toEqual([])
    asked[0]?.()
    await until('both have left', () => released.length === 2)
    expect(released).toEqual([1, 2])
    await until('both have come', () => received().length === 2 * 20)
  })
})
