import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../broker/clock.ts'
import { heartbeat } from '../../../broker/protocol/messages/12-heartbeat.ts'
import { ClientQuotaTable } from '../../../broker/security/client-quota-table.ts'
import { Dispatcher } from '../../../broker/server/dispatcher.ts'
import { handler } from '../../../broker/server/handler.ts'
import { Listener, type ListenerLimits } from '../../../broker/server/listener.ts'
import { ClientQuotas } from '../../../broker/server/quota/client-quotas.ts'
import { ConnectionAdmission } from '../../../broker/server/quota/connection-admission.ts'
import { RequestMemory } from '../../../broker/server/request-memory.ts'
import { waitFor } from '../../support/wait-for.ts'

const windows = { count: 11, sizeMs: 1_000 }

/** Heartbeat v1 of generation 1, which is answered with a throttle time; the correlation id tells them apart. */
function heartbeatFrame(correlationId: number): Buffer {
  const frame = Buffer.from('00000015000c0001000000000001630001670000000100016d', 'hex')
  frame.writeInt32BE(correlationId, 8)
  return frame
}

interface Door {
  readonly listener: Listener
  /** Answers the requests that are held. */
  release(): void
  readonly held: () => number
  readonly knock: () => Promise<{ socket: Socket; answers: () => number; isClosed: () => boolean }>
}

async function open(
  options: { limits?: Partial<ListenerLimits>; perHostMax?: number; quotas?: ClientQuotaTable; holds?: boolean } = {},
): Promise<Door> {
  const held: (() => void)[] = []
  const answer = handler(heartbeat, () => {
    if (!options.holds) return { throttleTimeMs: 0, errorCode: 0 }
    return new Promise((resolve) => held.push(() => resolve({ throttleTimeMs: 0, errorCode: 0 })))
  })
  const dispatcher = new Dispatcher('client', [answer])
  const quotas = options.quotas ?? new ClientQuotaTable()
  dispatcher.meter({ quotas: new ClientQuotas(quotas, windows), clock: systemClock })
  const limits = {
    requestBytesMax: 1_000_000,
    requestsInFlightMax: 100,
    responseBytesMax: 100_000,
    connectionsMax: 100,
    idleMsMax: 60_000,
    ...options.limits,
  }
  const bugs: unknown[] = []
  const listener = new Listener({ name: 'client', dispatcher, limits, onBug: (error) => bugs.push(error) })
  const port = await listener.listen('127.0.0.1', 0)
  const admitted = { connectionsMax: 100, perHostMax: options.perHostMax ?? 100, perHostOverrides: new Map() }
  listener.serve(undefined, new ConnectionAdmission({ limits: () => admitted, quotas, windows, clock: systemClock }))
  const sockets: Socket[] = []
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await listener.close()
    expect(bugs).toEqual([])
  })
  return {
    listener,
    release: () => {
      for (const one of held.splice(0)) one()
    },
    held: () => held.length,
    knock: async () => {
      const socket = connect(port, '127.0.0.1')
      sockets.push(socket)
      let bytes = 0
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      socket.on('error', () => undefined)
      await new Promise((resolve) => socket.once('connect', resolve))
      return { socket, answers: () => bytes / 14, isClosed: () => socket.destroyed }
    },
  }
}

test('one address holds so many connections, and may open another when one has gone', async () => {
  const door = await open({ perHostMax: 2 })
  const first = await door.knock()
  const second = await door.knock()
  const third = await door.knock()
  await waitFor('the third is closed', () => third.isClosed())
  for (const one of [first, second]) one.socket.write(heartbeatFrame(1))
  await waitFor('the others are served', () => first.answers() === 1 && second.answers() === 1)
  first.socket.destroy()
  await waitFor('another is served', async () => {
    const next = await door.knock()
    next.socket.write(heartbeatFrame(2))
    await waitFor('an answer or the end', () => next.answers() === 1 || next.isClosed())
    return next.answers() === 1
  })
})

test('an address that opens connections too fast is kept waiting, then closed', async () => {
  const quotas = new ClientQuotaTable()
  const entity = [{ entityType: 'ip', entityName: null }]
  quotas.apply({ entity, key: 'connection_creation_rate', value: 1, remove: false })
  const door = await open({ quotas })
  const flood = await Promise.all(Array.from({ length: 15 }, () => door.knock()))
  for (const one of flood) one.socket.write(heartbeatFrame(1))
  await waitFor('ten are served and the others closed', () => {
    return (
      flood.filter((one) => one.answers() === 1).length === 10 && flood.filter((one) => one.isClosed()).length === 5
    )
  })
})

test('requests that wait for their answers are held up to so many bytes, whatever connection they came by', async () => {
  const door = await open({ holds: true, limits: { memory: new RequestMemory(50) } })
  const first = await door.knock()
  const second = await door.knock()
  for (let id = 0; id < 3; id += 1) {
    first.socket.write(heartbeatFrame(id))
    await waitFor('it is held', () => door.held() === id + 1)
  }
  // 63 bytes are held: nobody is read from.
  second.socket.write(heartbeatFrame(9))
  first.socket.write(heartbeatFrame(4))
  door.release()
  await waitFor('three are answered', () => first.answers() === 3)
  await waitFor('the next are held', () => door.held() > 0)
  await waitFor('all are answered', () => {
    door.release()
    return first.answers() === 4 && second.answers() === 1
  })
})

test('a client over its quota is answered, and then not read from', async () => {
  const quotas = new ClientQuotaTable()
  const entity = [{ entityType: 'user', entityName: 'ANONYMOUS' }]
  // So little that any work is too much: it waits for a whole window each time.
  quotas.apply({ entity, key: 'request_percentage', value: 1e-9, remove: false })
  const door = await open({ quotas })
  const client = await door.knock()
  const chunks: Buffer[] = []
  client.socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const startedAtMs = Date.now()
  client.socket.write(heartbeatFrame(1))
  await waitFor('the first answer', () => client.answers() === 1)
  expect(Buffer.concat(chunks).readInt32BE(8)).toBe(1_000)
  client.socket.write(heartbeatFrame(2))
  await waitFor('the second answer', () => client.answers() === 2)
  expect(Date.now() - startedAtMs).toBeGreaterThan(900)
})
