import { crc32c } from '@node-rs/crc32'
import { describe, expect, it } from 'vitest'
import { buildBatch } from '../../../broker/record/build-batch.ts'
import { decodeRecords } from '../../../broker/record/decode-records.ts'
import { addToSequence, batchesIn, RecordBatch } from '../../../broker/record/record-batch.ts'

/** Field by field, so that the layout is readable: offset 3, epoch 2, producer 4711/1, two records. */
const golden = Buffer.from(
  [
    '0000000000000003', // base offset
    '0000004b', // length after this field: 75
    '00000002', // partition leader epoch
    '02', // magic
    '8dc63829', // crc32c; Apache Kafka's DumpLogSegments calls it valid
    '0000', // attributes
    '00000001', // last offset delta
    '0000018bcfe56800', // base timestamp
    '0000018bcfe56805', // max timestamp
    '0000000000001267', // producer id
    '0001', // producer epoch
    '0000000a', // base sequence
    '00000002', // record count
    '20', // first record: 16 bytes
    '00', // attributes
    '00', // timestamp delta 0
    '00', // offset delta 0
    '026b', // key k
    '0676616c', // value val
    '02', // one header
    '0268', // its key h
    '0678797a', // its value xyz
    '10', // second record: 8 bytes
    '00', // attributes
    '0a', // timestamp delta 5
    '02', // offset delta 1
    '01', // no key
    '01', // no value
    '02', // one header
    '00', // its key, empty
    '01', // no value
  ].join(''),
  'hex',
)

const records = [
  { key: Buffer.from('k'), value: Buffer.from('val'), headers: [{ key: 'h', value: Buffer.from('xyz') }] },
  { key: null, value: null, timestampMs: 1_700_000_000_005, headers: [{ key: '', value: null }] },
]

describe('the header', () => {
  it('is read where Kafka puts each field', () => {
    const batch = new RecordBatch(golden)
    expect({
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      sizeBytes: batch.sizeBytes,
      epoch: batch.partitionLeaderEpoch,
      baseTimestampMs: batch.baseTimestampMs,
      maxTimestampMs: batch.maxTimestampMs,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      sequences: [batch.baseSequence, batch.lastSequence],
      recordCount: batch.recordCount,
      codec: batch.codec,
      isControl: batch.isControl,
    }).toEqual({
      baseOffset: 3,
      lastOffset: 4,
      sizeBytes: golden.length,
      epoch: 2,
      baseTimestampMs: 1_700_000_000_000,
      maxTimestampMs: 1_700_000_000_005,
      producerId: 4711,
      producerEpoch: 1,
      sequences: [10, 11],
      recordCount: 2,
      codec: 0,
      isControl: false,
    })
    expect(batch.hasValidChecksum()).toBe(true)
  })

  it('takes a new offset and epoch without a new checksum', () => {
    const batch = new RecordBatch(Buffer.from(golden))
    batch.assign(2 ** 40 + 5, 9)
    expect([batch.baseOffset, batch.partitionLeaderEpoch]).toEqual([2 ** 40 + 5, 9])
    expect(batch.hasValidChecksum()).toBe(true)
  })

  it('takes a log append time with a new checksum, and its records show it', () => {
    const batch = new RecordBatch(Buffer.from(golden))
    batch.setLogAppendTime(1_800_000_000_000)
    expect([batch.hasLogAppendTime, batch.hasValidChecksum()]).toEqual([true, true])
    expect(decodeRecords(batch).map((record) => record.timestampMs)).toEqual([1_800_000_000_000, 1_800_000_000_000])
  })

  it('notices a changed byte', () => {
    const bytes = Buffer.from(golden)
    bytes[70] = 1
    expect(new RecordBatch(bytes).hasValidChecksum()).toBe(false)
  })
})

describe('building and decoding', () => {
  it('gives the bytes that Kafka would', () => {
    const built = buildBatch({
      records,
      timestampMs: 1_700_000_000_000,
      baseOffset: 3,
      partitionLeaderEpoch: 2,
      producerId: 4711,
      producerEpoch: 1,
      baseSequence: 10,
    })
    expect(built.toString('hex')).toBe(golden.toString('hex'))
    expect(crc32c('123456789')).toBe(0xe3069283)
  })

  it('gives the records back', () => {
    expect(decodeRecords(new RecordBatch(golden))).toEqual([
      { offset: 3, timestampMs: 1_700_000_000_000, ...records[0] },
      { offset: 4, ...records[1] },
    ])
  })

  it('keeps timestamps before the first one and large gaps', () => {
    const timestamps = [1_700_000_000_000, 0, -5, 4_000_000_000_000]
    const many = timestamps.map((timestampMs) => ({ key: null, value: Buffer.alloc(0), timestampMs }))
    const batch = new RecordBatch(buildBatch({ records: many, timestampMs: 1_700_000_000_000 }))
    expect(decodeRecords(batch).map((record) => record.timestampMs)).toEqual(timestamps)
    expect(batch.maxTimestampMs).toBe(4_000_000_000_000)
  })

  it('refuses records that are shorter or longer than what is in them', () => {
    for (const [at, byte] of [
      [61, 0x1e], // 15 bytes instead of 16
      [61, 0x22], // 17
      [71, 0x01], // -1 headers
      [71, 0x00], // none
    ] as const) {
      const bytes = Buffer.from(golden)
      bytes[at] = byte
      expect(() => decodeRecords(new RecordBatch(bytes))).toThrow(expect.objectContaining({ name: 'ProtocolError' }))
    }
  })

  it('refuses records that claim more bytes than there are', () => {
    for (let at = 61; at < golden.length; at++) {
      const bytes = Buffer.from(golden)
      bytes[at] = 0x7e
      try {
        decodeRecords(new RecordBatch(bytes))
      } catch (error) {
        expect(error).toMatchObject({ name: 'ProtocolError' })
      }
    }
  })
})

describe('walking through a buffer', () => {
  it('visits whole batches and leaves out a cut one', () => {
    const bytes = Buffer.concat([golden, golden, golden.subarray(0, 70)])
    expect([...batchesIn(bytes)].length).toBe(2)
    expect([...batchesIn(Buffer.alloc(5))].length).toBe(0)
  })

  it('refuses what is no batch', () => {
    expect(() => [...batchesIn(Buffer.alloc(100))]).toThrow('Not a record batch')
    const old = Buffer.from(golden)
    old[16] = 1
    expect(() => [...batchesIn(old)]).toThrow('format 2')
  })
})

it('sequences wrap to 0', () => {
  expect(addToSequence(2 ** 31 - 1, 1)).toBe(0)
  expect(addToSequence(2 ** 31 - 3, 5)).toBe(2)
  expect(addToSequence(7, 1)).toBe(8)
})
