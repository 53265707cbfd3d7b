import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProtocolError } from '../../../broker/protocol/protocol-error.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import { zeroUuid } from '../../../broker/protocol/schema.ts'

function readerOf(hex: string): Reader {
  return new Reader(Buffer.from(hex, 'hex'))
}

test('int64 is exact to 2^53 and signed', () => {
  expect(readerOf('ffffffffffffffff').int64()).toBe(-1)
  expect(readerOf('0000000100000000').int64()).toBe(2 ** 32)
  expect(readerOf('001fffffffffffff').int64()).toBe(Number.MAX_SAFE_INTEGER)
  expect(readerOf('ffe0000000000001').int64()).toBe(Number.MIN_SAFE_INTEGER)
  expect(readerOf('8000000000000000').int64()).toBe(-(2 ** 63))
})

test('uuids read as Kafka prints them', () => {
  expect(readerOf('00'.repeat(16)).uuid()).toBe(zeroUuid)
  expect(readerOf('fbff'.repeat(8)).uuid()).toBe('-__7__v_-__7__v_-__7_w')
})

test('a string has at most as many bytes as could be sent back', () => {
  const read = (bytes: Buffer) => {
    const length = Buffer.from([(bytes.length & 0x7f) + 0x81, ((bytes.length >> 7) & 0x7f) | 0x80, bytes.length >> 14])
    return new Reader(Buffer.concat([length, bytes])).compactString()
  }
  expect(read(Buffer.alloc(32_766, 'a'))).toHaveLength(32_766)
  expect(() => read(Buffer.alloc(32_896, 'a'))).toThrow(ProtocolError)
  // Each byte would be written as three.
  expect(read(Buffer.alloc(10_922, 0xff))).toHaveLength(10_922)
  expect(() => read(Buffer.alloc(11_006, 0xff))).toThrow(ProtocolError)
})

test('bytes are a view of the frame', () => {
  const frame = Buffer.from('00000002abcd', 'hex')
  const bytes = new Reader(frame).bytes()
  frame[4] = 0xff
  expect(bytes.toString('hex')).toBe('ffcd')
})

test('varints longer than 5 bytes are refused', () => {
  expect(readerOf('ffffffff0f').unsignedVarint()).toBe(2 ** 32 - 1)
  expect(() => readerOf('ffffffffff01').unsignedVarint()).toThrow(ProtocolError)
  expect(() => readerOf('80').unsignedVarint()).toThrow(ProtocolError)
})

test('null is refused where a value is required', () => {
  expect(() => readerOf('ffff').string()).toThrow(ProtocolError)
  expect(() => readerOf('00').compactString()).toThrow(ProtocolError)
  expect(() => readerOf('ffffffff').bytes()).toThrow(ProtocolError)
  expect(() => readerOf('00').compactArrayLength(1)).toThrow(ProtocolError)
  expect(readerOf('ffff').nullableString()).toBeNull()
  expect(readerOf('00').compactNullableBytes()).toBeNull()
  expect(readerOf('ffffffff').nullableArrayLength(1)).toBe(-1)
})

test('an array cannot be longer than the frame could hold', () => {
  expect(readerOf('000000020102').arrayLength(1)).toBe(2)
  expect(() => readerOf('000000020102').arrayLength(2)).toThrow(ProtocolError)
  expect(() => readerOf('7fffffff0102').arrayLength(1)).toThrow(ProtocolError)
  expect(() => readerOf('ffffffff0f0102').compactArrayLength(16)).toThrow(ProtocolError)
})

test('a frame cannot have more elements than a broker can hold', () => {
  const frame = Buffer.alloc(3_000_000)
  frame.writeInt32BE(1_500_000)
  frame.writeInt32BE(600_000, 4)
  const hostile = new Reader(frame)
  expect(hostile.arrayLength(1)).toBe(1_500_000)
  expect(() => hostile.arrayLength(1)).toThrow(ProtocolError)
})

test('no length moves the reader out of its buffer or back', () => {
  const lengths = fc.oneof(fc.integer(), fc.integer({ min: -3, max: 12 }))
  const property = fc.property(lengths, fc.uint8Array({ maxLength: 10 }), (length, rest) => {
    const frame = Buffer.alloc(4 + rest.length)
    frame.writeInt32BE(length)
    const reader = new Reader(frame)
    try {
      expect(reader.bytes().length).toBe(length)
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError)
    }
    expect(reader.position).toBeGreaterThanOrEqual(4)
    expect(reader.remaining).toBeGreaterThanOrEqual(0)
  })
  fc.assert(property)
})
