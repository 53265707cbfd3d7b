import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChunkEncoder, chunkEncoding, decodeColumn, storedValueMax } from '../../../../lib/monitor/store/chunk-codec.ts'
import { VarintReader, VarintWriter } from '../../../../lib/monitor/store/varint.ts'

const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer(),
  fc.maxSafeInteger().filter((number) => Math.abs(number) <= storedValueMax),
  fc.constantFrom(storedValueMax, -storedValueMax, 0),
)
const tick = fc.tuple(fc.option(value), fc.option(value), fc.option(value))

function encode(ticks: readonly { slot: number; values: readonly (number | null)[] }[], columns = 3): Uint8Array {
  const encoder = new ChunkEncoder(columns)
  for (const { slot, values } of ticks) encoder.add(slot, values)
  return encoder.encode()
}

function withoutTrailingNulls(values: readonly (number | null)[]): (number | null)[] {
  const last = values.findLastIndex((one) => one !== null)
  return values.slice(0, last + 1)
}

describe('varints', () => {
  it('read what was written, over the whole range', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.maxSafeInteger(), fc.maxSafeNat())), (numbers) => {
        const writer = new VarintWriter()
        for (const [signed, unsigned] of numbers) {
          writer.writeSigned(signed)
          writer.writeUnsigned(unsigned)
        }
        const reader = new VarintReader(writer.written())
        for (const [signed, unsigned] of numbers) {
          expect(reader.readSigned()).toBe(signed)
          expect(reader.readUnsigned()).toBe(unsigned)
        }
        expect(reader.isAtEnd).toBe(true)
      }),
    )
  })

  it('are zig-zag bytes', () => {
    const writer = new VarintWriter()
    for (const number of [0, -1, 1, -2, 63, -64, 64, 300]) writer.writeSigned(number)
    expect(Buffer.from(writer.written()).toString('hex')).toBe('000102037e7f8001d804')
  })
})

describe('a chunk', () => {
  it('gives back every value and every hole', () => {
    fc.assert(
      fc.property(fc.array(fc.option(tick), { maxLength: 200 }), (ticks) => {
        const chunk = encode(ticks.flatMap((values, slot) => (values === null ? [] : [{ slot, values }])))
        for (const column of [0, 1, 2]) {
          const expected = withoutTrailingNulls(ticks.map((values) => values?.[column] ?? null))
          expect(decodeColumn(chunk, column, chunkEncoding)).toEqual(expected)
        }
      }),
    )
  })

  it('can be read while it grows', () => {
    const encoder = new ChunkEncoder(1)
    const written: number[] = []
    for (const [slot, one] of [5, 5, 5, 9, 9, 2].entries()) {
      encoder.add(slot, [one])
      written.push(one)
      expect(decodeColumn(encoder.encode(), 0, chunkEncoding)).toEqual(written)
    }
  })

  it('does not take a missing sample for a zero', () => {
    const chunk = encode([
      { slot: 0, values: [0, null, 7] },
      { slot: 3, values: [0, null, null] },
    ])
    expect(decodeColumn(chunk, 0, chunkEncoding)).toEqual([0, null, null, 0])
    expect(decodeColumn(chunk, 1, chunkEncoding)).toEqual([])
    expect(decodeColumn(chunk, 2, chunkEncoding)).toEqual([7])
  })

  it('ignores a tick that it has', () => {
    const encoder = new ChunkEncoder(1)
    encoder.add(4, [10])
    encoder.add(4, [11])
    encoder.add(3, [12])
    expect(decodeColumn(encoder.encode(), 0, chunkEncoding)).toEqual([null, null, null, null, 10])
    expect(encoder.samples).toBe(1)
  })

  it('costs a few bytes when nothing changes', () => {
    const ticks = Array.from({ length: 720 }, (_, slot) => ({ slot, values: [123_456_789, 0, null] }))
    expect(encode(ticks).length).toBeLessThan(25)
  })

  it('costs about a byte a value when a counter rises steadily', () => {
    const ticks = Array.from({ length: 720 }, (_, slot) => ({ slot, values: [1_000_000 + slot * 50 + (slot % 7)] }))
    expect(encode(ticks, 1).length).toBeLessThan(1.1 * 720)
  })

  it('stores numbers beyond its range as the end of the range', () => {
    const chunk = encode([{ slot: 0, values: [Number.MAX_SAFE_INTEGER] }], 1)
    expect(decodeColumn(chunk, 0, chunkEncoding)).toEqual([storedValueMax])
  })

  it('that is damaged or newer is refused, not misread', () => {
    const chunk = encode([{ slot: 0, values: [1, 2, 3] }])
    expect(() => decodeColumn(chunk.subarray(0, chunk.length - 1), 2, chunkEncoding)).toThrow(RangeError)
    expect(() => decodeColumn(chunk, 0, chunkEncoding + 1)).toThrow(/newer version/)
  })
})
