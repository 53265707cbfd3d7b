import assert, { AssertionError } from 'node:assert'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../../broker/protocol/codec.ts'
import { fetchRequest, fetchResponse } from '../../../broker/protocol/messages/01-fetch.ts'
import { heartbeatRequest } from '../../../broker/protocol/messages/12-heartbeat.ts'
import { describeTopicPartitionsRequest } from '../../../broker/protocol/messages/75-describe-topic-partitions.ts'
import { ProtocolError } from '../../../broker/protocol/protocol-error.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import { int32, type Schema, string, struct, structure, uuid } from '../../../broker/protocol/schema.ts'
import { Writer } from '../../../broker/protocol/writer.ts'
import { arbitraryBody } from './arbitrary-body.ts'
import { schemas, versionsOf } from './schemas.ts'

/** Enough to meet every branch of a schema over its versions, and few enough for a second or two in all. */
const runsPerVersion = 6

function encoded(schema: Schema, version: number, body: Record<string, unknown>): Buffer {
  const writer = new Writer()
  encode(schema, version, body, writer)
  expect(writer.toBuffer().length).toBe(writer.byteLength)
  return writer.toBuffer()
}

describe.each([...schemas])('%s', (_name, schema) => {
  test('reads back what was written, in every version', () => {
    for (const version of versionsOf(schema)) {
      const property = fc.property(arbitraryBody(schema, version), (body) => {
        const reader = new Reader(encoded(schema, version, body))
        assert.deepStrictEqual(decode(schema, version, reader), body)
        expect(reader.remaining).toBe(0)
      })
      fc.assert(property, { numRuns: runsPerVersion })
    }
  })

  test('refuses cut and damaged bytes with a ProtocolError and nothing else', () => {
    for (const version of versionsOf(schema)) {
      const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
      const property = fc.property(arbitraryBody(schema, version), fc.nat(), damage, (body, cut, changes) => {
        const bytes = Buffer.from(encoded(schema, version, body))
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value
        expectDecodedOrRefused(schema, version, bytes)
        expectDecodedOrRefused(schema, version, bytes.subarray(0, cut % (bytes.length + 1)))
      })
      fc.assert(property, { numRuns: runsPerVersion })
    }
  })
})

function expectDecodedOrRefused(schema: Schema, version: number, bytes: Buffer): void {
  try {
    decode(schema, version, new Reader(bytes))
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
  }
}

test('a cut frame is refused wherever it is cut', () => {
  const bytes = encoded(heartbeatRequest, 4, { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: 'i' })
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decode(heartbeatRequest, 4, new Reader(bytes.subarray(0, length)))).toThrow(ProtocolError)
  }
})

test('an array that claims more elements than the frame can hold is refused before it is read', () => {
  const writer = new Writer()
  writer.int32(1)
  writer.int32(1)
  writer.int32(1)
  writer.int32(1)
  writer.int8(0)
  writer.int32(0)
  writer.int32(-1)
  writer.int32(0x7fffffff)
  expect(() => decode(fetchRequest, 11, new Reader(writer.toBuffer()))).toThrow(ProtocolError)
})

test('a version that does not exist is refused when read and a bug when written', () => {
  expect(() => decode(heartbeatRequest, 5, new Reader(Buffer.alloc(40)))).toThrow(ProtocolError)
  expect(() => decode(heartbeatRequest, -1, new Reader(Buffer.alloc(40)))).toThrow(ProtocolError)
  const body = { groupId: 'g', generationId: 1, memberId: 'm' }
  expect(() => encode(heartbeatRequest, 5, body, new Writer())).toThrow(AssertionError)
})

test('fields that are left out are written as their defaults', () => {
  const bytes = encoded(fetchResponse, 17, {
    throttleTimeMs: 0,
    responses: [{ partitions: [{ partitionIndex: 1, errorCode: 0, highWatermark: 7 }] }],
  })
  const [topic] = decode(fetchResponse, 17, new Reader(bytes)).responses
  expect(topic).toEqual({
    topic: '',
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    partitions: [
      {
        partitionIndex: 1,
        errorCode: 0,
        highWatermark: 7,
        lastStableOffset: -1,
        logStartOffset: -1,
        divergingEpoch: { epoch: -1, endOffset: -1 },
        currentLeader: { leaderId: -1, leaderEpoch: -1 },
        snapshotId: { endOffset: -1, epoch: -1 },
        abortedTransactions: [],
        preferredReadReplica: -1,
        records: null,
      },
    ],
  })
})

test('defaults of one decoded body are not those of the next', () => {
  const bytes = encoded(fetchResponse, 4, { throttleTimeMs: 0, responses: [] })
  const first = decode(fetchResponse, 4, new Reader(bytes))
  first.nodeEndpoints.push({ nodeId: 1, host: 'h', port: 1, rack: null })
  expect(decode(fetchResponse, 4, new Reader(bytes)).nodeEndpoints).toEqual([])
})

test('a value that the version has no field for is left out', () => {
  const body = { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: 'static' }
  expect(decode(heartbeatRequest, 2, new Reader(encoded(heartbeatRequest, 2, body))).groupInstanceId).toBeNull()
})

test('null or nothing in a required field is a bug', () => {
  const body = { groupId: null, generationId: 1, memberId: 'm' }
  const write = (value: Record<string, unknown>) => encode<Schema>(heartbeatRequest, 4, value, new Writer())
  expect(() => write(body)).toThrow('null or nothing in groupId, which is required')
  expect(() => write({ groupId: 'g', memberId: 'm' })).toThrow(AssertionError)
  const topics = { topics: [null] }
  expect(() => encode<Schema>(describeTopicPartitionsRequest, 0, topics, new Writer())).toThrow(AssertionError)
})

test('unknown tagged fields are skipped', () => {
  const sample = structure({
    name: 'Sample',
    versions: '0-1',
    flexible: '0+',
    fields: [int32('before', { versions: '1+', tag: 1 }), string('text', { versions: '1+', tag: 3 })],
  })
  const bytes = Buffer.from('04' + '000161' + '010400000007' + '02020000' + '03020262', 'hex')
  expect(decode(sample, 1, new Reader(bytes))).toEqual({ before: 7, text: 'b' })
  expect(decode(sample, 0, new Reader(bytes))).toEqual({ before: 0, text: '' })
})

test('a tagged field that is longer than its size is refused', () => {
  const sample = structure({
    name: 'Sample',
    versions: '0',
    flexible: '0+',
    fields: [struct('inner', [uuid('id')], { tag: 0 })],
  })
  expect(() => decode(sample, 0, new Reader(Buffer.alloc(40, 1).fill(0, 1, 2)))).toThrow(ProtocolError)
})
