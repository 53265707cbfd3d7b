import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { Decoder, Encoder } from '@toondepauw/node-zstd'
import { compressFrame } from 'lz4-napi'
import { compress, zstdDefaultLevel } from './compress.ts'
import {
  codecs,
  decompress,
  decompressedBytesMax,
  decompressing,
  requireAtMost,
  requireZstdAtMost,
} from './compression.ts'

const gzip = promisify(zlib.gzip)
const gunzip = promisify(zlib.gunzip)

/** What is smaller costs less than a trip through the thread pool. */
const offloadedBytesMin = 32 * 1024

/** Like `compress` at its default level, without keeping the event loop for long. */
export function compressOffThread(bytes: Buffer, codec: number): Buffer | Promise<Buffer> {
  if (bytes.length < offloadedBytesMin) return compress(bytes, { codec })
  if (codec === codecs.gzip) return gzip(bytes)
  if (codec === codecs.lz4) return compressFrame(bytes)
  if (codec === codecs.zstd) return new Encoder(zstdDefaultLevel).encode(bytes)
  return compress(bytes, { codec })
}

/** Like `decompress`, without keeping the event loop for long: snappy and LZ4 are done with a megabyte in a millisecond. */
export function decompressOffThread(codec: number, bytes: Buffer): Buffer | Promise<Buffer> {
  if (bytes.length < offloadedBytesMin) return decompress(codec, bytes)
  if (codec === codecs.gzip) {
    return decompressing(codec, () => gunzip(bytes, { maxOutputLength: decompressedBytesMax }))
  }
  if (codec === codecs.zstd) return decompressing(codec, () => decompressZstd(bytes))
  return decompress(codec, bytes)
}

async function decompressZstd(bytes: Buffer): Promise<Buffer> {
  requireZstdAtMost(bytes, decompressedBytesMax)
  const decompressed = await new Decoder().decode(bytes)
  requireAtMost(decompressed.length, decompressedBytesMax)
  return decompressed
}
