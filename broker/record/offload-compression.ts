import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { Encoder } from '@toondepauw/node-zstd'
import { Decompress } from 'fzstd'
import { compressFrame } from 'lz4-napi'
import { compress, zstdDefaultLevel } from './compress.ts'
import { codecs, decompress, decompressedBytesMax, decompressing, requireAtMost } from './compression.ts'

const gzip = promisify(zlib.gzip)
const gunzip = promisify(zlib.gunzip)

/** What is smaller costs less than a trip through the thread pool. */
const offloadedBytesMin = 32 * 1024
/** fzstd is JavaScript: it gets so much at a time, with the event loop's turn in between. */
const zstdChunkBytes = 16 * 1024

/** Like `compress` at its default level, without keeping the event loop for long. */
export function compressOffThread(bytes: Buffer, codec: number): Buffer | Promise<Buffer> {
  if (bytes.length < offloadedBytesMin) return compress(bytes, { codec })
  if (codec === codecs.gzip) return gzip(bytes)
  if (codec === codecs.lz4) return compressFrame(bytes)
  if (codec === codecs.zstd) return new Encoder(zstdDefaultLevel).encode(bytes)
  return compress(bytes, { codec })
}

/**
 * Like `decompress`, without keeping the event loop for long: snappy and LZ4 are done with a megabyte in a millisecond.
 * `rest` gives the event loop its turn.
 */
export function decompressOffThread(codec: number, bytes: Buffer, rest: () => Promise<void>): Buffer | Promise<Buffer> {
  if (bytes.length < offloadedBytesMin) return decompress(codec, bytes)
  if (codec === codecs.gzip) {
    return decompressing(codec, () => gunzip(bytes, { maxOutputLength: decompressedBytesMax }))
  }
  if (codec === codecs.zstd) return decompressing(codec, () => decompressZstd(bytes, rest))
  return decompress(codec, bytes)
}

async function decompressZstd(bytes: Buffer, rest: () => Promise<void>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  const stream = new Decompress((part) => {
    length += part.length
    requireAtMost(length, decompressedBytesMax)
    parts.push(part)
  })
  for (let at = 0; at < bytes.length; at += zstdChunkBytes) {
    stream.push(bytes.subarray(at, at + zstdChunkBytes), at + zstdChunkBytes >= bytes.length)
    await rest()
  }
  return Buffer.concat(parts, length)
}
