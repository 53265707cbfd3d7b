import { expect, test } from 'vitest'
import { decode, encode } from '../../../broker/protocol/codec.ts'
import { decodeRequestHeader, encodeRequestHeader } from '../../../broker/protocol/headers.ts'
import { fetchRequest } from '../../../broker/protocol/messages/01-fetch.ts'
import { metadataResponse } from '../../../broker/protocol/messages/03-metadata.ts'
import { apiVersionsRequest, apiVersionsResponse } from '../../../broker/protocol/messages/18-api-versions.ts'
import { describeTopicPartitionsRequest } from '../../../broker/protocol/messages/75-describe-topic-partitions.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import type { Encodable, Schema } from '../../../broker/protocol/schema.ts'
import { Writer } from '../../../broker/protocol/writer.ts'

/* Bytes written out by hand from Kafka's protocol guide, so that a mistake made alike in both directions is seen. */

/** Hex with one field a line: everything after `;` is a remark. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text.replace(/;.*$/gm, '').replace(/\s+/g, ''), 'hex')
}

function expectWire<S extends Schema>(schema: S, version: number, wire: Buffer, body: Encodable<S>): void {
  const writer = new Writer()
  encode(schema, version, body, writer)
  expect(writer.toBuffer().toString('hex')).toBe(wire.toString('hex'))
  const reader = new Reader(wire)
  expect(decode(schema, version, reader)).toMatchObject(body)
  expect(reader.remaining).toBe(0)
}

test('ApiVersions request v0 is a header alone', () => {
  const reader = new Reader(bytesOf('0012 0000 00000001 0004 74657374'))
  expect(decodeRequestHeader(reader)).toEqual({ apiKey: 18, apiVersion: 0, correlationId: 1, clientId: 'test' })
  const body = decode(apiVersionsRequest, 0, reader)
  expect(body).toEqual({ clientSoftwareName: '', clientSoftwareVersion: '' })
  expect(reader.remaining).toBe(0)
})

test('ApiVersions request v3', () => {
  const wire = bytesOf(`
    06 6579726965 ; clientSoftwareName eyrie
    04 312e30     ; clientSoftwareVersion 1.0
    00            ; tagged fields
  `)
  expectWire(apiVersionsRequest, 3, wire, { clientSoftwareName: 'eyrie', clientSoftwareVersion: '1.0' })
})

test('ApiVersions response v0', () => {
  const wire = bytesOf(`
    0000           ; errorCode
    00000002       ; apiKeys
    0000 0000 000d ; Produce 0-13
    0012 0000 0004 ; ApiVersions 0-4
  `)
  expectWire(apiVersionsResponse, 0, wire, {
    errorCode: 0,
    apiKeys: [
      { apiKey: 0, minVersion: 0, maxVersion: 13 },
      { apiKey: 18, minVersion: 0, maxVersion: 4 },
    ],
  })
})

test('ApiVersions response v3 with a finalized feature', () => {
  const wire = bytesOf(`
    0000                         ; errorCode
    02                           ; apiKeys, one more than there are
    0012 0000 0004 00            ; ApiVersions 0-4, tagged fields
    00000000                     ; throttleTimeMs
    03                           ; tagged fields: three
    00 14                        ; tag 0, 20 bytes: supportedFeatures
    02 0e 67726f75702e76657273696f6e 0001 0001 00 ; group.version 1-1
    01 08 0000000000000005       ; tag 1, 8 bytes: finalizedFeaturesEpoch
    02 14                        ; tag 2, 20 bytes: finalizedFeatures
    02 0e 67726f75702e76657273696f6e 0001 0001 00 ; group.version max 1, min 1
  `)
  expectWire(apiVersionsResponse, 3, wire, {
    errorCode: 0,
    apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
    throttleTimeMs: 0,
    supportedFeatures: [{ name: 'group.version', minVersion: 1, maxVersion: 1 }],
    finalizedFeaturesEpoch: 5,
    finalizedFeatures: [{ name: 'group.version', maxVersionLevel: 1, minVersionLevel: 1 }],
  })
})

test('Metadata response v12', () => {
  const wire = bytesOf(`
    00000000                         ; throttleTimeMs
    02                               ; brokers
    00000001 02 68 00002384 00 00    ; broker 1, host h, port 9092, no rack, tagged fields
    02 63                            ; clusterId c
    00000001                         ; controllerId
    02                               ; topics
    0000                             ; errorCode
    02 74                            ; name t
    000102030405060708090a0b0c0d0e0f ; topicId
    00                               ; isInternal
    02                               ; partitions
    0000 00000000 00000001 00000003  ; errorCode, index 0, leader 1, epoch 3
    02 00000001                      ; replicaNodes
    02 00000001                      ; isrNodes
    01                               ; offlineReplicas, none
    00                               ; tagged fields of the partition
    80000000                         ; topicAuthorizedOperations, not asked for
    00                               ; tagged fields of the topic
    00                               ; tagged fields
  `)
  expectWire(metadataResponse, 12, wire, {
    brokers: [{ nodeId: 1, host: 'h', port: 9092, rack: null }],
    clusterId: 'c',
    controllerId: 1,
    topics: [
      {
        errorCode: 0,
        name: 't',
        topicId: 'AAECAwQFBgcICQoLDA0ODw',
        isInternal: false,
        partitions: [
          {
            errorCode: 0,
            partitionIndex: 0,
            leaderId: 1,
            leaderEpoch: 3,
            replicaNodes: [1],
            isrNodes: [1],
            offlineReplicas: [],
          },
        ],
        topicAuthorizedOperations: -(2 ** 31),
      },
    ],
  })
})

test('Produce request v9 header', () => {
  const wire = bytesOf(`
    0000 0009       ; Produce v9
    0000002a        ; correlationId 42
    0008 70726f6475636572 ; clientId, a classic string
    00              ; tagged fields
  `)
  const header = { apiKey: 0, apiVersion: 9, correlationId: 42, clientId: 'producer' }
  expect(decodeRequestHeader(new Reader(wire))).toEqual(header)
  const writer = new Writer()
  encodeRequestHeader(header, writer)
  expect(writer.toBuffer()).toEqual(wire)
})

test('Fetch request v12 of a follower', () => {
  const wire = bytesOf(`
    00000002         ; replicaId
    000001f4         ; maxWaitMs 500
    00000001         ; minBytes
    00a00000         ; maxBytes 10 MiB
    00               ; isolationLevel
    00000000         ; sessionId
    ffffffff         ; sessionEpoch
    02               ; topics
    02 74            ; topic t
    02               ; partitions
    00000001         ; partition
    00000005         ; currentLeaderEpoch
    0000000000000064 ; fetchOffset 100
    00000004         ; lastFetchedEpoch
    ffffffffffffffff ; logStartOffset -1
    00100000         ; partitionMaxBytes 1 MiB
    00               ; tagged fields of the partition
    00               ; tagged fields of the topic
    01               ; forgottenTopicsData, none
    01               ; rackId, empty
    01               ; tagged fields: one
    00 02 02 63      ; tag 0, 2 bytes: clusterId c
  `)
  expectWire(fetchRequest, 12, wire, {
    clusterId: 'c',
    replicaId: 2,
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: 10 * 1024 * 1024,
    sessionEpoch: -1,
    topics: [
      {
        topic: 't',
        partitions: [
          {
            partition: 1,
            currentLeaderEpoch: 5,
            fetchOffset: 100,
            lastFetchedEpoch: 4,
            partitionMaxBytes: 1024 * 1024,
          },
        ],
      },
    ],
    forgottenTopicsData: [],
  })
})

test('a nullable struct is preceded by a byte that says whether it is there', () => {
  const start = bytesOf('02 02 74 00 000007d0') // one topic t, responsePartitionLimit 2000
  const body = { topics: [{ name: 't' }], responsePartitionLimit: 2000 }
  const absent = Buffer.concat([start, bytesOf('ff 00')])
  expectWire(describeTopicPartitionsRequest, 0, absent, { ...body, cursor: null })
  const present = Buffer.concat([start, bytesOf('01 02 74 00000003 00 00')])
  expectWire(describeTopicPartitionsRequest, 0, present, { ...body, cursor: { topicName: 't', partitionIndex: 3 } })
})
