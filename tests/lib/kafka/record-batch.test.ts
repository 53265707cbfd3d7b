import { gzipSync } from 'node:zlib'
import { compressFrameSync } from 'lz4-napi'
import { compressSync } from 'snappy'
import { describe, expect, test } from 'vitest'
import { decodeRecordBatches } from '../../../lib/kafka/record-batch.ts'
import { zipBombs } from '../../support/zip-bombs.ts'

/** A record of offset delta 0 with key "k", value "value", one header "h" = "x", timestamp delta 1. */
const oneRecord = Buffer.from('20 00 02 00 02 6b 0a 76616c7565 02 02 68 02 78'.replaceAll(' ', ''), 'hex')
const compressionOf = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 }

function batchOf(records: Buffer, options: { baseOffset?: bigint; attributes?: number; count?: number } = {}): Buffer {
  const { baseOffset = 42n, attributes = 0, count = 1 } = options
  const header = Buffer.alloc(61)
  header.writeBigInt64BE(baseOffset, 0)
  header.writeInt32BE(49 + records.length, 8)
  header.writeInt8(2, 16)
  header.writeInt16BE(attributes, 21)
  header.writeInt32BE(count - 1, 23)
  header.writeBigInt64BE(1_700_000_000_000n, 27)
  header.writeBigInt64BE(1_700_000_000_009n, 35)
  header.writeInt32BE(count, 57)
  return Buffer.concat([header, records])
}

/** The xerial frame that Java's producer writes around blocks. */
function xerial(block: Buffer): Buffer {
  const header = Buffer.from('82534e415050590000000001000000 01'.replaceAll(' ', ''), 'hex')
  const length = Buffer.alloc(4)
  length.writeInt32BE(block.length)
  return Buffer.concat([header, length, block])
}

describe('a record', () => {
  test('has its offset, time, key, value and headers', () => {
    const { records, nextOffset, problem } = decodeRecordBatches(batchOf(oneRecord))
    expect(records).toEqual([
      {
        offset: 42n,
        timestampMs: 1_700_000_000_001,
        timestampType: 'create',
        compression: 'none',
        key: Buffer.from('k'),
        value: Buffer.from('value'),
        headers: [{ key: 'h', value: Buffer.from('x') }],
      },
    ])
    expect({ nextOffset, problem }).toEqual({ nextOffset: 43n, problem: null })
  })

  test('has the time of its batch when the log appends it', () => {
    const { records } = decodeRecordBatches(batchOf(oneRecord, { attributes: 8 }))
    expect(records[0]).toMatchObject({ timestampMs: 1_700_000_000_009, timestampType: 'logAppend' })
  })
})

test.each([
  ['gzip', gzipSync(oneRecord)],
  ['snappy', Buffer.from(compressSync(oneRecord))],
  ['snappy', xerial(Buffer.from(compressSync(oneRecord)))],
  ['lz4', compressFrameSync(oneRecord)],
  // zstd: a frame of one raw block, which needs no encoder.
  ['zstd', Buffer.concat([Buffer.from('28b52ffd2011890000', 'hex'), oneRecord])],
] as const)('%s is unpacked', (compression, packed) => {
  const { records, problem } = decodeRecordBatches(batchOf(packed, { attributes: compressionOf[compression] }))
  expect(problem).toBeNull()
  expect(records[0]?.value?.toString()).toBe('value')
})

test('a batch that was cut off at the end is left for the next fetch', () => {
  const whole = batchOf(oneRecord)
  const { records, nextOffset } = decodeRecordBatches(Buffer.concat([whole, whole.subarray(0, 40)]))
  expect(records).toHaveLength(1)
  expect(nextOffset).toBe(43n)
  expect(decodeRecordBatches(whole.subarray(0, 40))).toEqual({ records: [], nextOffset: null, problem: null })
})

test('transaction markers are not records', () => {
  const marker = batchOf(oneRecord, { attributes: 0x20 })
  expect(decodeRecordBatches(marker)).toEqual({ records: [], nextOffset: 43n, problem: null })
})

test('a damaged batch is named and the next one is read', () => {
  const damaged = batchOf(Buffer.from('not gzip'), { attributes: 1 })
  const { records, problem } = decodeRecordBatches(Buffer.concat([damaged, batchOf(oneRecord, { baseOffset: 50n })]))
  expect(problem).toContain('offset 42')
  expect(records.map(({ offset }) => offset)).toEqual([50n])
})

test.each(zipBombs)('$name is named and not unpacked', ({ codec, bytes }) => {
  const { records, problem } = decodeRecordBatches(batchOf(bytes, { attributes: codec }))
  expect(problem).toContain('offset 42 cannot be read')
  expect(records).toEqual([])
})

test('a batch of more records than anyone looks at is named', () => {
  const { records, problem } = decodeRecordBatches(batchOf(Buffer.alloc(8_000_000), { count: 2 ** 31 - 1 }))
  expect(problem).toContain('2147483647 records')
  expect(records).toEqual([])
})

test('a length that no batch has ends the reading', () => {
  for (const length of [-(2 ** 31), -12, 0, 48]) {
    const bytes = Buffer.concat([batchOf(oneRecord), batchOf(oneRecord)])
    bytes.writeInt32BE(length, 61 + oneRecord.length + 8)
    const { records, problem } = decodeRecordBatches(bytes)
    expect(records).toHaveLength(1)
    expect(problem).toContain('no batch')
  }
})
