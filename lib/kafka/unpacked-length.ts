/*
 * What compressed bytes can at most unpack to, from their headers alone. The libraries unpack whatever they are given, and
 * a thousand bytes can be made to fill a machine's memory. Each throws RangeError where there are no such headers.
 */

/** A bare snappy block begins with its length. */
export function snappyLength(block: Buffer): number {
  let length = 0
  for (let i = 0; i < 5; i++) {
    const byte = block.readUInt8(i)
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return length
  }
  throw new RangeError('a snappy block without a length')
}

const lz4BlockBytesMax = [64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024]

/** A block is limited by its frame's header, and LZ4 makes at most 255 bytes of one. */
export function lz4LengthBound(frame: Buffer): number {
  const flags = frame.readUInt8(4)
  const blockBytesMax = lz4BlockBytesMax[((frame.readUInt8(5) >> 4) & 7) - 4]
  if (blockBytesMax === undefined) throw new RangeError('an LZ4 frame with an unknown block size')
  const checksumBytes = (flags & 0x10) === 0 ? 0 : 4
  let bound = 0
  for (let at = (flags & 0x08) === 0 ? 7 : 15; ; ) {
    const header = frame.readUInt32LE(at)
    if (header === 0) return bound
    const length = header & 0x7fffffff
    bound += Math.min(blockBytesMax, length * 255)
    at += 4 + length + checksumBytes
  }
}

const zstdMagic = 0xfd2fb528
/** Frames that say nothing: 0x184d2a50 to 0x184d2a5f. */
const zstdSkippableMagic = 0x184d2a50
const zstdBlockBytesMax = 128 * 1024

/** RFC 8878. What a frame says of its own length is no bound: it is compared when everything is unpacked. */
export function zstdLengthBound(bytes: Buffer): number {
  let bound = 0
  for (let at = 0; at < bytes.length; ) {
    const magic = bytes.readUInt32LE(at)
    if ((magic & 0xfffffff0) === zstdSkippableMagic) at += 8 + bytes.readUInt32LE(at + 4)
    else if (magic === zstdMagic) {
      const frame = boundZstdFrame(bytes, at + 4)
      bound += frame.bound
      at = frame.end
    } else throw new RangeError('not a zstd frame')
  }
  return bound
}

function boundZstdFrame(bytes: Buffer, descriptorAt: number): { bound: number; end: number } {
  const descriptor = bytes.readUInt8(descriptorAt)
  const isSingleSegment = (descriptor & 0x20) !== 0
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const checksumBytes = (descriptor & 4) === 0 ? 0 : 4
  let bound = 0
  for (let at = descriptorAt + (isSingleSegment ? 1 : 2) + dictionaryBytes + contentSizeBytes; ; ) {
    const header = bytes.readUIntLE(at, 3)
    const type = (header >> 1) & 3
    const length = header >> 3
    // A raw block is its length, a repeated byte becomes it; of a compressed one only the limit is known.
    bound += type < 2 ? length : zstdBlockBytesMax
    at += 3 + (type === 1 ? 1 : length)
    if ((header & 1) === 1) return { bound, end: at + checksumBytes }
  }
}
