import { gunzipSync } from 'node:zlib'
import { Decoder } from '@toondepauw/node-zstd'
import { decompressFrameSync } from 'lz4-napi'
import { uncompressSync } from 'snappy'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { zstdLengthBound } from './zstd-length.ts'

/** Bits 0-2 of a batch's attributes. */
export const codecs = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const

/** Records of one batch, decompressed. Four times what a client may send in one request by default bounds a zip bomb. */
export const decompressedBytesMax = 64 * 1024 * 1024

/**
 * The records of a batch in the clear.
 * @throws ProtocolError when the bytes are malformed, the codec is unknown or more than `bytesMax` would come out.
 */
export function decompress(codec: number, bytes: Buffer, bytesMax = decompressedBytesMax): Buffer {
  if (codec === codecs.none) return bytes
  const decompressWith = decompressors.get(codec)
  if (decompressWith === undefined) throw new ProtocolError(`Unknown compression codec ${codec}`)
  if (bytes.length === 0) throw new ProtocolError('A compressed batch of no bytes')
  try {
    return decompressWith(bytes, bytesMax)
  } catch (error) {
    throw malformed(codec, error)
  }
}

/** Whatever a library makes of malformed bytes is a ProtocolError. */
export async function decompressing(codec: number, decompressBytes: () => Promise<Buffer>): Promise<Buffer> {
  try {
    return await decompressBytes()
  } catch (error) {
    throw malformed(codec, error)
  }
}

function malformed(codec: number, error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error
  return new ProtocolError(`Records that do not decompress by codec ${codec}`, { cause: error })
}

const decompressors = new Map<number, (bytes: Buffer, bytesMax: number) => Buffer>([
  [codecs.gzip, (bytes, bytesMax) => gunzipSync(bytes, { maxOutputLength: bytesMax })],
  [codecs.snappy, decompressSnappy],
  [codecs.lz4, decompressLz4],
  [codecs.zstd, decompressZstd],
])

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const xerialHeaderBytes = 16

/** Java and most clients frame snappy blocks as xerial's library does; librdkafka and others send one bare block. */
function decompressSnappy(bytes: Buffer, bytesMax: number): Buffer {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return decompressSnappyBlock(bytes, bytesMax)
  const blocks: Buffer[] = []
  let left = bytesMax
  for (let at = xerialHeaderBytes; at < bytes.length; ) {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length < 0 || length > bytes.length - at) throw new ProtocolError(`Snappy block of ${length} bytes`)
    const block = decompressSnappyBlock(bytes.subarray(at, at + length), left)
    blocks.push(block)
    left -= block.length
    at += length
  }
  return Buffer.concat(blocks)
}

function decompressSnappyBlock(block: Buffer, bytesMax: number): Buffer {
  const length = snappyLength(block)
  requireAtMost(length, bytesMax)
  // The library makes room for what the block claims before it looks any further.
  if (length > block.length * snappyRatioMax) throw new ProtocolError(`Snappy block that claims ${length} bytes`)
  const bytes = uncompressSync(block, { asBuffer: true })
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)
}

/** Three bytes say at most to copy sixty-four. */
const snappyRatioMax = 22

/** A bare snappy block begins with its decompressed length. */
function snappyLength(block: Buffer): number {
  let length = 0
  for (let i = 0; i < 5; i++) {
    const byte = block[i]
    if (byte === undefined) break
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return length
  }
  throw new ProtocolError('Snappy block without a length')
}

const lz4Magic = 0x184d2204
const lz4BlockBytesMax = new Map([
  [4, 64 * 1024],
  [5, 256 * 1024],
  [6, 1024 * 1024],
  [7, 4 * 1024 * 1024],
])

function decompressLz4(bytes: Buffer, bytesMax: number): Buffer {
  requireAtMost(lz4LengthBound(bytes), Math.max(bytesMax, boundSlackBytes))
  const decompressed = decompressFrameSync(bytes)
  requireAtMost(decompressed.length, bytesMax)
  return decompressed
}

/** A bound counts a block as full; small batches of many blocks, or of blocks of 4 MiB, must not be refused for it. */
const boundSlackBytes = 8 * 1024 * 1024

/** What a frame can at most decompress to, from its block headers: a block is limited, and LZ4 gives at most 255 for 1. */
function lz4LengthBound(frame: Buffer): number {
  if (frame.readUInt32LE(0) !== lz4Magic) throw new ProtocolError('Not an LZ4 frame')
  const flags = frame.readUInt8(4)
  const blockBytesMax = lz4BlockBytesMax.get((frame.readUInt8(5) >> 4) & 7)
  if (blockBytesMax === undefined) throw new ProtocolError('LZ4 frame with an unknown block size')
  const hasBlockChecksum = (flags & 0x10) !== 0
  const hasContentSize = (flags & 0x08) !== 0
  let bound = 0
  for (let at = hasContentSize ? 15 : 7; ; ) {
    const header = frame.readUInt32LE(at)
    if (header === 0) return bound
    const length = header & 0x7fffffff
    bound += Math.min(blockBytesMax, length * 255)
    at += 4 + length + (hasBlockChecksum ? 4 : 0)
  }
}

function decompressZstd(bytes: Buffer, bytesMax: number): Buffer {
  requireZstdAtMost(bytes, bytesMax)
  const decompressed = new Decoder().decodeSync(bytes)
  requireAtMost(decompressed.length, bytesMax)
  return decompressed
}

/** The library itself takes frames whose window is at most 128 MiB, as Apache Kafka does, and decompresses them to any length. */
export function requireZstdAtMost(bytes: Buffer, bytesMax: number): void {
  requireAtMost(zstdLengthBound(bytes), Math.max(bytesMax, boundSlackBytes))
}

export function requireAtMost(length: number, bytesMax: number): void {
  if (length > bytesMax) throw new ProtocolError(`A batch that decompresses to more than ${bytesMax} bytes`)
}
