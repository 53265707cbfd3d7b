import { gzipSync } from 'node:zlib'
import { compressFrameSync } from 'lz4-napi'
import { compressSync } from 'snappy'
import { describe, expect, it } from 'vitest'
import { codecs, decompress } from '../../../broker/record/compression.ts'
import { zipBombs, zstdFrame } from '../../support/zip-bombs.ts'

const text = Buffer.from('the quick brown fox jumps over the lazy dog; '.repeat(50))
const zeros = Buffer.alloc(1024 * 1024)

/** By the zstd tool, from a pipe and so without a content size, as Java's streams leave it out, too. */
const zstdHello = Buffer.from('28b52ffd00586500003068656c6c6f200100f14a11', 'hex')

/** What Java's snappy stream writes: a header, then blocks with their length before them. */
function xerial(...blocks: Buffer[]): Buffer {
  const header = Buffer.from('82534e4150505900' + '00000001' + '00000001', 'hex')
  const framed = blocks.flatMap((block) => {
    const compressed = compressSync(block)
    const length = Buffer.alloc(4)
    length.writeInt32BE(compressed.length)
    return [length, compressed]
  })
  return Buffer.concat([header, ...framed])
}

describe('decompress', () => {
  it.each([
    ['gzip', codecs.gzip, gzipSync(text)],
    ['bare snappy', codecs.snappy, compressSync(text)],
    ['xerial snappy', codecs.snappy, xerial(text.subarray(0, 1000), text.subarray(1000))],
    ['lz4 frames', codecs.lz4, compressFrameSync(text)],
    ['nothing', codecs.none, text],
  ])('understands %s', (_, codec, bytes) => {
    expect(decompress(codec, bytes).equals(text)).toBe(true)
  })

  it('understands zstd', () => {
    expect(decompress(codecs.zstd, zstdHello).toString()).toBe('hello hello hello hello ')
    expect(() => decompress(codecs.zstd, zstdHello, 23)).toThrow('more than 23 bytes')
    expect(() => decompress(codecs.zstd, zstdHello.subarray(0, 15))).toThrow('do not decompress')
  })

  it.each([
    ['gzip', codecs.gzip, gzipSync(zeros)],
    ['snappy', codecs.snappy, compressSync(zeros)],
    ['xerial snappy', codecs.snappy, xerial(zeros.subarray(0, 9000), zeros.subarray(0, 9000))],
    ['lz4', codecs.lz4, compressFrameSync(zeros)],
  ])('refuses %s that would become too large', (_, codec, bytes) => {
    expect(() => decompress(codec, bytes, 10_000)).toThrow(expect.objectContaining({ name: 'ProtocolError' }))
  })

  it.each([codecs.gzip, codecs.snappy, codecs.lz4, codecs.zstd, 6])(
    'refuses bytes that are none of codec %i',
    (codec) => {
      for (const bytes of [Buffer.alloc(0), Buffer.from('nonsense'), Buffer.alloc(40, 0xff)]) {
        expect(() => decompress(codec, bytes)).toThrow(expect.objectContaining({ name: 'ProtocolError' }))
      }
    },
  )

  it.each(zipBombs)('refuses $name before there is much of it', ({ codec, bytes }) => {
    const residentBytes = process.memoryUsage.rss()
    expect(() => decompress(codec, bytes)).toThrow(expect.objectContaining({ name: 'ProtocolError' }))
    expect(process.memoryUsage.rss() - residentBytes).toBeLessThan(160 * 1024 * 1024)
  })

  it('does not move a large window for each of many small zstd blocks', () => {
    const bytes = zstdFrame({ type: 0, blocks: 200_000, blockBytes: 1, windowLog: 27 })
    expect(decompress(codecs.zstd, bytes).length).toBe(200_000)
  })

  it('understands zstd frames one after the other, and those that say nothing between them', () => {
    const skippable = Buffer.from('502a4d1803000000abcdef', 'hex')
    const bytes = Buffer.concat([zstdHello, skippable, zstdHello])
    expect(decompress(codecs.zstd, bytes).toString()).toBe('hello hello hello hello '.repeat(2))
  })
})
