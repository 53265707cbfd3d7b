import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WireReader } from '../../../lib/kafka/wire-reader.ts'
import { WireWriter } from '../../../lib/kafka/wire-writer.ts'

test('a flexible struct is read with its tagged fields skipped', () => {
  // int32 7, compact string "hé", array [1, -2], then two tagged fields of 1 and 3 bytes, then int8 9.
  const reader = new WireReader(
    Buffer.from('0000000704 68c3a9 03 00000001 fffffffe 02 00 01 aa 05 03 bbccdd 09'.replaceAll(' ', ''), 'hex'),
  )
  expect(reader.int32()).toBe(7)
  expect(reader.compactString()).toBe('hé')
  expect(reader.compactInt32Array()).toEqual([1, -2])
  reader.skipTags()
  expect(reader.int8()).toBe(9)
  expect(reader.remaining).toBe(0)
})

test('null and empty are told apart', () => {
  const reader = new WireReader(Buffer.from('00010001', 'hex'))
  expect(reader.compactNullableString()).toBeNull()
  expect(reader.compactNullableString()).toBe('')
  expect(reader.compactBytes()).toBeNull()
  expect(reader.compactBytes()).toEqual(Buffer.alloc(0))
})

test('a cut message throws instead of answering half', () => {
  expect(() => new WireReader(Buffer.from('05', 'hex')).compactBytes()).toThrow(RangeError)
  expect(() => new WireReader(Buffer.from('00', 'hex')).int32()).toThrow(RangeError)
  expect(() => new WireReader(Buffer.from('ffffffffff', 'hex')).unsignedVarint()).toThrow(RangeError)
})

test('what is written is read again', () => {
  const anything = fc.record({
    text: fc.option(fc.string({ maxLength: 400 })),
    small: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    list: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 300 }),
  })
  fc.assert(
    fc.property(anything, ({ text, small, long, list }) => {
      const writer = new WireWriter()
      writer
        .compactString(text)
        .unsignedVarint(small)
        .int64(long)
        .compactArray(list, (item) => writer.int32(item))
        .noTags()
      const reader = new WireReader(writer.bytes)
      expect(reader.compactNullableString()).toBe(text)
      expect(reader.unsignedVarint()).toBe(small)
      expect(reader.int64()).toBe(long)
      expect(reader.compactInt32Array()).toEqual(list)
      reader.skipTags()
      expect(reader.remaining).toBe(0)
    }),
  )
})
