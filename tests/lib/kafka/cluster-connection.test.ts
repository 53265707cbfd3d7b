import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { ClusterConnection } from '../../../lib/kafka/cluster-connection.ts'
import { KafkaTransportError } from '../../../lib/kafka/kafka-error.ts'
import { describeMetadata } from '../../../lib/kafka/operations/describe-metadata.ts'
import { parseBootstrap } from '../../../lib/kafka/parse-bootstrap.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Accepts and never answers. */
function startHungBroker(): Promise<{ address: string; accepted: () => number }> {
  let accepted = 0
  const server = createServer((socket) => {
    accepted++
    socket.on('error', () => undefined)
    socket.resume()
  })
  servers.push(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({ address: `127.0.0.1:${port}`, accepted: () => accepted })
    })
  })
}

test('a bootstrap list is hosts and ports', () => {
  expect(parseBootstrap('a:1, [::1]:9092,b.example:65535')).toEqual([
    { host: 'a', port: 1 },
    { host: '::1', port: 9092 },
    { host: 'b.example', port: 65_535 },
  ])
  for (const wrong of ['', 'a', 'a:', ':9092', 'a:0', 'a:70000', 'a:1,,b:2']) {
    expect(() => parseBootstrap(wrong), wrong).toThrow(RangeError)
  }
})

test('a broker that hangs costs one timeout, then it is refused at once for a while', async () => {
  const hung = await startHungBroker()
  const connection = new ClusterConnection({
    bootstrap: hung.address,
    clientId: 'test',
    connectTimeoutMs: 300,
    requestTimeoutMs: 300,
  })
  await expect(connection.sendToAny(describeMetadata, { topics: null })).rejects.toMatchObject({ code: 'timedOut' })
  const startedAt = performance.now()
  await expect(connection.sendToAny(describeMetadata, { topics: null })).rejects.toBeInstanceOf(KafkaTransportError)
  expect(performance.now() - startedAt).toBeLessThan(100)
  expect(hung.accepted()).toBe(1)
  connection.close()
})

test('nobody there is told with the address', async () => {
  const connection = new ClusterConnection({
    bootstrap: '127.0.0.1:1',
    clientId: 'test',
    connectTimeoutMs: 300,
    requestTimeoutMs: 300,
  })
  await expect(connection.sendToAny(describeMetadata, { topics: null })).rejects.toMatchObject({
    code: 'unreachable',
    message: 'Broker 127.0.0.1:1 cannot be reached.',
  })
  connection.close()
})
