import zlib from 'node:zlib'
import { Encoder } from '@toondepauw/node-zstd'
import { compressFrameSync } from 'lz4-napi'
import { compressSync } from 'snappy'
import { codecs } from './compression.ts'

export interface Compression {
  readonly codec: number
  /** Of gzip (1-9, -1 for its default) and zstd. The LZ4 of this broker knows one level, snappy none at all. */
  readonly level?: number
}

/** The records of a batch as `codec` stores them, in the framing that Java's clients write. */
export function compress(bytes: Buffer, { codec, level }: Compression): Buffer {
  switch (codec) {
    case codecs.gzip:
      return zlib.gzipSync(bytes, { level: level ?? zlib.constants.Z_DEFAULT_COMPRESSION })
    case codecs.snappy:
      return compressXerial(bytes)
    case codecs.lz4:
      return compressFrameSync(bytes)
    case codecs.zstd:
      return compressZstd(bytes, level ?? zstdDefaultLevel)
    default:
      return bytes
  }
}

export const zstdDefaultLevel = 3

function compressZstd(bytes: Buffer, level: number): Buffer {
  return new Encoder(level).encodeSync(bytes)
}

const xerialHeader = Buffer.from('82534e41505059000000000100000001', 'hex')
/** As Java's SnappyOutputStream cuts them. */
const xerialBlockBytes = 32 * 1024

function compressXerial(bytes: Buffer): Buffer {
  const parts: Buffer[] = [xerialHeader]
  for (let at = 0; at < bytes.length; at += xerialBlockBytes) {
    const block = compressSync(bytes.subarray(at, at + xerialBlockBytes))
    const length = Buffer.allocUnsafe(4)
    length.writeInt32BE(block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}
