import { gunzipSync } from 'node:zlib'
import { decompress as decompressZstd } from 'fzstd'
import { decompressFrameSync } from 'lz4-napi'
import { uncompressSync } from 'snappy'

export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/** A batch that unpacks to more than this is refused rather than held in memory. */
const unpackedBytesMax = 64 * 1024 * 1024
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const xerialHeaderBytes = 16

/** Throws when the data is damaged or too large. zstd is `fzstd`: Node 20 has none of its own. */
export function decompress(compression: Compression, data: Buffer): Buffer {
  switch (compression) {
    case 'none':
      return data
    case 'gzip':
      return gunzipSync(data, { maxOutputLength: unpackedBytesMax })
    case 'snappy':
      return decompressSnappy(data)
    case 'lz4':
      return decompressFrameSync(data)
    case 'zstd':
      return Buffer.from(decompressZstd(data))
  }
}

/** Java clients frame snappy in blocks (xerial), librdkafka's and others' is one bare block. */
function decompressSnappy(data: Buffer): Buffer {
  if (!data.subarray(0, xerialMagic.length).equals(xerialMagic)) return uncompressBlock(data)
  const blocks: Buffer[] = []
  let position = xerialHeaderBytes
  while (position < data.length) {
    const length = data.readInt32BE(position)
    blocks.push(uncompressBlock(data.subarray(position + 4, position + 4 + length)))
    position += 4 + length
  }
  return Buffer.concat(blocks)
}

function uncompressBlock(block: Buffer): Buffer {
  const unpacked = uncompressSync(block, { asBuffer: true })
  return typeof unpacked === 'string' ? Buffer.from(unpacked) : unpacked
}
