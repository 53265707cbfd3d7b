import { execFileSync } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { encode } from '../../broker/protocol/codec.ts'
import { errorCodes } from '../../broker/protocol/errors.ts'
import { encodeRequestHeader } from '../../broker/protocol/headers.ts'
import { produce } from '../../broker/protocol/messages/00-produce.ts'
import { fetch } from '../../broker/protocol/messages/01-fetch.ts'
import { metadata } from '../../broker/protocol/messages/03-metadata.ts'
import { createTopics } from '../../broker/protocol/messages/19-create-topics.ts'
import type { Api, RequestBodyOf, Schema } from '../../broker/protocol/schema.ts'
import { Writer } from '../../broker/protocol/writer.ts'
import { buildBatch } from '../../broker/record/build-batch.ts'
import { RecordBatch } from '../../broker/record/record-batch.ts'
import { rewriteBatch } from '../../broker/record/rewrite-batch.ts'
import { ClusterClient, produceRequest } from '../broker/cluster/cluster-client.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { waitFor } from '../support/wait-for.ts'
import { zipBombs } from '../support/zip-bombs.ts'

vi.setConfig({ testTimeout: 120_000 })

/** What one broker may take beyond what it takes anyway, whatever is thrown at it. */
const extraBytesMax = 400 * 1024 * 1024
const connectionsMax = 50

let cluster: TestCluster
let client: ClusterClient
let troubles = ''
let restingBytes = 0
const sockets: Socket[] = []

beforeAll(async () => {
  const onTrouble = (text: string) => {
    troubles += text
  }
  const properties = { 'max.connections': `${connectionsMax}`, 'connections.max.idle.ms': '5000' }
  cluster = await startTestCluster({ brokers: 1, properties, onTrouble })
  client = new ClusterClient(cluster.brokers)
  await client.createTopic('bystander')
  await client.createTopic('compacted', { configs: { 'cleanup.policy': 'compact' } })
  await client.createTopic('recompressed', { configs: { 'compression.type': 'lz4' } })
  restingBytes = residentBytes()
})

afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  client.close()
  await cluster.stop()
})

function residentBytes(): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${cluster.pidOf(1)}`]).toString()) * 1024
}

/**
 * The client's own connection may have been idle for too long meanwhile; and while a million partitions are answered on a
 * machine that does other things, the broker may be late with its heartbeat and without its partitions for a moment.
 */
async function requireWell(): Promise<void> {
  await waitFor('another client is served', () =>
    client.produce('bystander', 0, ['still here']).then(
      () => true,
      () => false,
    ),
  )
  expect(residentBytes() - restingBytes).toBeLessThan(extraBytesMax)
  expect(troubles).toBe('')
}

async function open(): Promise<Socket> {
  const socket = connect(Number(cluster.bootstrap.split(':')[1]), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

function frameOf<A extends Api>(api: A, apiVersion: number, body: RequestBodyOf<A>): Buffer {
  const writer = new Writer()
  encodeRequestHeader({ apiKey: api.key, apiVersion, correlationId: 1, clientId: null }, writer)
  encode<Schema>(api.request, apiVersion, body, writer)
  const size = Buffer.alloc(4)
  size.writeInt32BE(writer.byteLength)
  return Buffer.concat([size, writer.toBuffer()])
}

test.each(zipBombs)('$name is refused where records are looked into', async ({ codec, bytes }) => {
  const plain = new RecordBatch(buildBatch({ records: [{ key: Buffer.from('k'), value: null }], timestampMs: 0 }))
  const { baseTimestampMs, maxTimestampMs } = plain
  for (const topic of ['compacted', 'recompressed']) {
    if (topic === 'recompressed' && codec === 3) continue
    const changes = { payload: bytes, codec, recordCount: 1, baseTimestampMs, maxTimestampMs, hasDeleteHorizon: false }
    const answer = await client.send(1, produce, 9, produceRequest(topic, 0, rewriteBatch(plain, changes), 1))
    const { INVALID_RECORD, MESSAGE_TOO_LARGE } = errorCodes
    expect([INVALID_RECORD, MESSAGE_TOO_LARGE]).toContain(answer.responses[0]?.partitionResponses[0]?.errorCode)
  }
  await requireWell()
})

test('who only says that a large frame comes holds no memory, and is closed when nothing moves', async () => {
  const slow = await Promise.all(Array.from({ length: 30 }, open))
  for (const socket of slow) socket.write(Buffer.from('063fffff00', 'hex'))
  await requireWell()
  await waitFor('all are closed', () => slow.every((socket) => socket.destroyed || socket.readableEnded))
})

test('a frame over socket.request.max.bytes closes its connection', async () => {
  const socket = await open()
  socket.resume()
  socket.write(Buffer.from('06400001', 'hex'))
  await waitFor('the end', () => socket.destroyed)
  await requireWell()
})

test('who asks for ever more and never reads is not read from either', async () => {
  const asked = { partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }
  const topics = [{ topic: 'bystander', partitions: [asked] }]
  await client.produce('bystander', 0, ['x'.repeat(500_000)])
  const request = frameOf(fetch, 11, { maxWaitMs: 0, minBytes: 1, topics, forgottenTopicsData: [] })
  const greedy = await Promise.all(Array.from({ length: 5 }, open))
  for (const socket of greedy) {
    socket.pause()
    for (let i = 0; i < 2_000; i++) socket.write(request)
  }
  await requireWell()
  for (const socket of greedy) socket.destroy()
})

test('more connections than max.connections are closed at once; those before it are served', async () => {
  await client.produce('bystander', 0, ['before'])
  const flood = await Promise.all(Array.from({ length: 3 * connectionsMax }, open))
  for (const socket of flood) socket.resume()
  await waitFor('most are closed', () => flood.filter(({ destroyed }) => destroyed).length >= 2 * connectionsMax)
  await requireWell()
  for (const socket of flood) socket.destroy()
})

test('ten thousand topics in one request are answered one by one', async () => {
  const topics = Array.from({ length: 10_000 }, (_, i) => ({ name: `not-there-${i}` }))
  const answer = await client.send(1, metadata, 9, { topics, allowAutoTopicCreation: false })
  expect(answer.topics).toHaveLength(10_000)
  expect(new Set(answer.topics.map(({ errorCode }) => errorCode))).toEqual(
    new Set([errorCodes.UNKNOWN_TOPIC_OR_PARTITION]),
  )
  await requireWell()
})

test('a topic of a million partitions, or of more than there are numbers, is refused', async () => {
  for (const numPartitions of [1_000_000, 2 ** 31 - 1]) {
    const topic = { name: 'huge', numPartitions, replicationFactor: 1, assignments: [], configs: [] }
    const answer = await client.send(1, createTopics, 7, { topics: [topic], timeoutMs: 10_000 })
    expect(answer.topics[0]?.errorCode).toBe(errorCodes.POLICY_VIOLATION)
  }
  await requireWell()
})

test('a million partitions in one request are answered or refused', async () => {
  const partitions = Array.from({ length: 1_000_000 }, (_, partition) => {
    return { partition, fetchOffset: 0, partitionMaxBytes: 1 }
  })
  const socket = await open()
  let heard = 0
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.length
  })
  const topics = [{ topic: 'bystander', partitions }]
  socket.write(frameOf(fetch, 4, { maxWaitMs: 0, minBytes: 0, maxBytes: 1_000_000, topics, forgottenTopicsData: [] }))
  await waitFor('an answer or the end', () => heard > 0 || socket.destroyed, { timeoutMs: 100_000 })
  socket.destroy()
  await requireWell()
})
