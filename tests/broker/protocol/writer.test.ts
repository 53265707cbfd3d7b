import { AssertionError } from 'node:assert'
import { expect, test } from 'vitest'
import { Reader } from '../../../broker/protocol/reader.ts'
import { int64Max, zeroUuid } from '../../../broker/protocol/schema.ts'
import { Writer } from '../../../broker/protocol/writer.ts'

function hexOf(write: (writer: Writer) => void): string {
  const writer = new Writer()
  write(writer)
  return writer.toBuffer().toString('hex')
}

test('int64 is written in two halves', () => {
  expect(hexOf((writer) => writer.int64(0))).toBe('0000000000000000')
  expect(hexOf((writer) => writer.int64(-1))).toBe('ffffffffffffffff')
  expect(hexOf((writer) => writer.int64(-2))).toBe('fffffffffffffffe')
  expect(hexOf((writer) => writer.int64(2 ** 32))).toBe('0000000100000000')
  expect(hexOf((writer) => writer.int64(-(2 ** 32) - 1))).toBe('fffffffeffffffff')
  expect(hexOf((writer) => writer.int64(Number.MAX_SAFE_INTEGER))).toBe('001fffffffffffff')
  expect(hexOf((writer) => writer.int64(Number.MIN_SAFE_INTEGER))).toBe('ffe0000000000001')
})

test('int64 beyond its range becomes its nearest end, so that Long.MAX_VALUE comes back as it was', () => {
  expect(new Reader(Buffer.from('7fffffffffffffff', 'hex')).int64()).toBe(int64Max)
  expect(hexOf((writer) => writer.int64(int64Max))).toBe('7fffffffffffffff')
  expect(hexOf((writer) => writer.int64(Number.POSITIVE_INFINITY))).toBe('7fffffffffffffff')
  expect(hexOf((writer) => writer.int64(-int64Max))).toBe('8000000000000000')
  expect(hexOf((writer) => writer.int64(-(2 ** 70)))).toBe('8000000000000000')
  expect(hexOf((writer) => writer.int64(Number.NEGATIVE_INFINITY))).toBe('8000000000000000')
})

test('varints take as many bytes as they need', () => {
  expect(hexOf((writer) => writer.unsignedVarint(0))).toBe('00')
  expect(hexOf((writer) => writer.unsignedVarint(127))).toBe('7f')
  expect(hexOf((writer) => writer.unsignedVarint(128))).toBe('8001')
  expect(hexOf((writer) => writer.unsignedVarint(300))).toBe('ac02')
  expect(hexOf((writer) => writer.unsignedVarint(2 ** 32 - 1))).toBe('ffffffff0f')
})

test('strings carry their length in bytes, not in characters', () => {
  expect(hexOf((writer) => writer.string('a'))).toBe('000161')
  expect(hexOf((writer) => writer.string('é'))).toBe('0002c3a9')
  expect(hexOf((writer) => writer.compactString('é'))).toBe('03c3a9')
  expect(hexOf((writer) => writer.compactNullableString(null))).toBe('00')
  expect(hexOf((writer) => writer.nullableString(null))).toBe('ffff')
})

test('long strings are written whole, and those that a length cannot hold are a bug', () => {
  for (const text of ['x'.repeat(64), 'x'.repeat(65), 'x'.repeat(32767), `${'x'.repeat(60)}é`]) {
    const writer = new Writer()
    writer.string(text)
    writer.compactString(text)
    const reader = new Reader(writer.toBuffer())
    expect(reader.string()).toBe(text)
    expect(reader.compactString()).toBe(text)
  }
  expect(() => new Writer().string('x'.repeat(32768))).toThrow(AssertionError)
})

test('uuids are 16 bytes and anything else is a bug', () => {
  expect(hexOf((writer) => writer.uuid(zeroUuid))).toBe('00'.repeat(16))
  expect(hexOf((writer) => writer.uuid('AAECAwQFBgcICQoLDA0ODw'))).toBe('000102030405060708090a0b0c0d0e0f')
  expect(() => new Writer().uuid('orders')).toThrow(AssertionError)
  expect(() => new Writer().uuid('not+base64+url+at+all!')).toThrow(AssertionError)
})

test('a writer grows at any byte and loses nothing', () => {
  for (let before = 0; before < 16; before++) {
    const writer = new Writer(16)
    for (let i = 0; i < before; i++) writer.int8(i)
    writer.int64(-5)
    writer.int32(7)
    writer.string('after')
    const reader = new Reader(writer.toBuffer())
    reader.skip(before)
    expect([reader.int64(), reader.int32(), reader.string(), reader.remaining]).toEqual([-5, 7, 'after', 0])
  }
})

test('large byte fields are referred to, small ones are copied', () => {
  const large = Buffer.alloc(4096, 1)
  const small = Buffer.alloc(4095, 2)
  const writer = new Writer()
  writer.bytes(large)
  writer.bytes(small)
  const parts = writer.toBuffers()
  expect(parts.some((part) => part.buffer === large.buffer && part.byteOffset === large.byteOffset)).toBe(true)
  expect(parts.some((part) => part.buffer === small.buffer)).toBe(false)
  expect(Buffer.concat(parts)).toEqual(writer.toBuffer())
  expect(writer.byteLength).toBe(4096 + 4095 + 8)
})

test('records given in pieces are one field', () => {
  const writer = new Writer()
  writer.compactBytes([Buffer.from('ab'), Buffer.alloc(5000, 'c'), Buffer.from('d')])
  const read = new Reader(writer.toBuffer()).compactBytes()
  expect(read.length).toBe(5003)
  expect(read.toString()).toBe(`ab${'c'.repeat(5000)}d`)
})

test('a frame begins with the length of what follows', () => {
  const writer = new Writer()
  writer.beginFrame()
  writer.int16(3)
  writer.bytes(Buffer.alloc(6000))
  writer.endFrame()
  expect(writer.toBuffer().readInt32BE(0)).toBe(2 + 4 + 6000)
  expect(writer.byteLength).toBe(4 + 2 + 4 + 6000)
})
