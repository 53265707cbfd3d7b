import { describe, expect, it } from 'vitest'
import { OffsetMap } from '../../../../broker/log/cleaner/offset-map.ts'

const key = (i: number) => Buffer.from(`customer-${i}`)

describe('OffsetMap', () => {
  it('answers the last offset of each key, however many there are', () => {
    const map = new OffsetMap({ bytesMax: 1024 * 1024, loadFactor: 0.9 })
    for (let offset = 0; offset < 30_000; offset++) expect(map.put(key(offset % 10_000), offset)).toBe(true)
    for (let i = 0; i < 10_000; i++) expect(map.get(key(i))).toBe(20_000 + i)
    expect([map.size, map.latestOffset]).toEqual([10_000, 29_999])
    expect(map.get(Buffer.from('nobody'))).toBe(-1)
  })

  it('knows the empty key and offset 0', () => {
    const map = new OffsetMap({ bytesMax: 1024 * 1024, loadFactor: 0.9 })
    map.put(Buffer.alloc(0), 0)
    expect(map.get(Buffer.alloc(0))).toBe(0)
  })

  it.each([30_000, 100_000, 1_000_000])(
    'takes no key beyond %i bytes, also counting the table that it outgrows',
    (bytesMax) => {
      const map = new OffsetMap({ bytesMax, loadFactor: 0.75 })
      let offset = 0
      let before = map.sizeBytes
      while (map.put(key(offset), offset)) {
        if (map.sizeBytes !== before) expect(map.sizeBytes + before).toBeLessThanOrEqual(bytesMax)
        before = map.sizeBytes
        offset++
      }
      expect(map.size).toBe(offset)
      expect(map.latestOffset).toBe(offset - 1)
      expect(map.size).toBeGreaterThan((bytesMax / 24) * 0.3)
      for (let i = 0; i < offset; i++) expect(map.get(key(i))).toBe(i)
      // What it is full of is no new key, but its table is.
      expect(map.put(key(0), offset)).toBe(false)
    },
  )
})
