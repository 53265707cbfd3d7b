import { gzipSync } from 'node:zlib'
import { compressSync } from 'snappy'

/** A frame of zstd blocks of its `type` (0 raw, 1 one repeated byte), whose window is 2 to the `windowLog`. */
export function zstdFrame(options: { type: 0 | 1; blocks: number; blockBytes: number; windowLog?: number }): Buffer {
  const { type, blocks, blockBytes, windowLog = 17 } = options
  const block = Buffer.alloc(3 + (type === 1 ? 1 : blockBytes))
  block.writeUIntLE((blockBytes << 3) | (type << 1), 0, 3)
  const body = Buffer.alloc(block.length * blocks, block)
  const lastAt = body.length - block.length
  body.writeUInt8(body.readUInt8(lastAt) | 1, lastAt)
  return Buffer.concat([Buffer.from('28b52ffd00', 'hex'), Buffer.from([(windowLog - 10) << 3]), body])
}

/** An LZ4 frame of 4 MiB blocks, each of which copies one byte until it is full. */
function lz4Frame(blocks: number): Buffer {
  const copies = Math.ceil((4 * 1024 * 1024) / 255)
  const sequence = Buffer.alloc(copies + 5, 0xff)
  sequence.writeUInt8(0x1f, 0)
  sequence.writeUInt16LE(1, 2)
  sequence.writeUInt8(0, sequence.length - 1)
  const size = Buffer.alloc(4)
  size.writeUInt32LE(sequence.length)
  const frame = Array.from({ length: blocks }, () => [size, sequence]).flat()
  return Buffer.concat([Buffer.from('04224d18607073', 'hex'), ...frame, Buffer.alloc(4)])
}

function xerial(blocks: number): Buffer {
  const block = compressSync(Buffer.alloc(4 * 1024 * 1024))
  const size = Buffer.alloc(4)
  size.writeInt32BE(block.length)
  const body = Array.from({ length: blocks }, () => [size, block]).flat()
  return Buffer.concat([Buffer.from('82534e41505059000000000100000001', 'hex'), ...body])
}

/** Under the number of their codec: few bytes that would become a hundred megabytes, gigabytes, or claim to. */
export const zipBombs: readonly { readonly name: string; readonly codec: number; readonly bytes: Buffer }[] = [
  { name: 'gzip of zeros', codec: 1, bytes: gzipSync(Buffer.alloc(100 * 1024 * 1024)) },
  { name: 'bare snappy that claims 4 GiB', codec: 2, bytes: Buffer.from('ffffffff0f0000', 'hex') },
  { name: 'bare snappy that claims 60 MB', codec: 2, bytes: Buffer.from('80e0ce1c0000', 'hex') },
  { name: 'xerial snappy', codec: 2, bytes: xerial(20) },
  { name: 'lz4', codec: 3, bytes: lz4Frame(30) },
  { name: 'zstd of repeated bytes', codec: 4, bytes: zstdFrame({ type: 1, blocks: 16_000, blockBytes: 128 * 1024 }) },
  {
    name: 'zstd with a window of 2 TiB',
    codec: 4,
    bytes: zstdFrame({ type: 0, blocks: 1, blockBytes: 9, windowLog: 41 }),
  },
]
