import { gunzipSync } from 'node:zlib'
import { Decoder } from '@toondepauw/node-zstd'
import { decompressFrameSync } from 'lz4-napi'
import { uncompressSync } from 'snappy'
import { lz4LengthBound, snappyLength, zstdLengthBound } from './unpacked-length.ts'

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/** A batch that unpacks to more than this is refused rather than held in memory. */
const unpackedBytesMax = 64 * 1024 * 1024
/** What a batch could unpack to is known before, but only roughly: a block counts as full. */
const boundBytesMax = 2 * unpackedBytesMax
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const xerialHeaderBytes = 16

/** Throws when the data is damaged or too large. Node 20 has no zstd of its own. */
export function decompress(compression: Compression, data: Buffer): Buffer {
  switch (compression) {
    case 'none':
      return data
    case 'gzip':
      return gunzipSync(data, { maxOutputLength: unpackedBytesMax })
    case 'snappy':
      return decompressSnappy(data)
    case 'lz4':
      requireAtMost(lz4LengthBound(data), boundBytesMax)
      return decompressFrameSync(data)
    case 'zstd':
      requireAtMost(zstdLengthBound(data), boundBytesMax)
      return new Decoder().decodeSync(data)
  }
}

/** Java clients frame snappy in blocks (xerial), librdkafka's and others' is one bare block. */
function decompressSnappy(data: Buffer): Buffer {
  if (!data.subarray(0, xerialMagic.length).equals(xerialMagic)) return uncompressBlock(data)
  const blocks: Buffer[] = []
  let unpackedBytes = 0
  let position = xerialHeaderBytes
  while (position < data.length) {
    const length = data.readInt32BE(position)
    if (length < 0) throw new RangeError(`a block of ${length} bytes`)
    const block = uncompressBlock(data.subarray(position + 4, position + 4 + length))
    unpackedBytes += block.length
    requireAtMost(unpackedBytes, unpackedBytesMax)
    blocks.push(block)
    position += 4 + length
  }
  return Buffer.concat(blocks)
}

function uncompressBlock(block: Buffer): Buffer {
  requireAtMost(snappyLength(block), unpackedBytesMax)
  const unpacked = uncompressSync(block, { asBuffer: true })
  return typeof unpacked === 'string' ? Buffer.from(unpacked) : unpacked
}

function requireAtMost(bytes: number, bytesMax: number): void {
  if (bytes > bytesMax) throw new RangeError(`it unpacks to more than ${bytesMax} bytes`)
}
