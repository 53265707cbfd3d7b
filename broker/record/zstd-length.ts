import { ProtocolError } from '../protocol/protocol-error.ts'

const frameMagic = 0xfd2fb528
/** Frames that say nothing: 0x184d2a50 to 0x184d2a5f. */
const skippableMagic = 0x184d2a50
const blockBytesMax = 128 * 1024

/**
 * What bytes can at most decompress to by zstd (RFC 8878), from the headers of their frames and blocks alone. What a
 * frame says of its own length is no bound: it is only compared once everything is there.
 * @throws ProtocolError or RangeError where the bytes are no frames. Whether the last block is whole is not looked at.
 */
export function zstdLengthBound(bytes: Buffer): number {
  let bound = 0
  for (let at = 0; at < bytes.length; ) {
    const magic = bytes.readUInt32LE(at)
    if ((magic & 0xfffffff0) === skippableMagic) at += 8 + bytes.readUInt32LE(at + 4)
    else if (magic === frameMagic) {
      const frame = boundFrame(bytes, at + 4)
      bound += frame.bound
      at = frame.end
    } else throw new ProtocolError('Not a zstd frame')
  }
  return bound
}

function boundFrame(bytes: Buffer, descriptorAt: number): { bound: number; end: number } {
  const { blocksAt, hasChecksum } = readFrameHeader(bytes, descriptorAt)
  let bound = 0
  for (let at = blocksAt; ; ) {
    const header = bytes.readUIntLE(at, 3)
    const type = (header >> 1) & 3
    const length = header >> 3
    // A raw block is its length, a repeated byte becomes it; of a compressed one only the limit is known.
    bound += type < 2 ? length : blockBytesMax
    at += 3 + (type === 1 ? 1 : length)
    if ((header & 1) === 1) return { bound, end: at + (hasChecksum ? 4 : 0) }
  }
}

function readFrameHeader(bytes: Buffer, at: number): { blocksAt: number; hasChecksum: boolean } {
  const descriptor = bytes.readUInt8(at)
  const isSingleSegment = (descriptor & 0x20) !== 0
  const windowBytes = isSingleSegment ? 0 : 1
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const blocksAt = at + 1 + windowBytes + dictionaryBytes + contentSizeBytes
  return { blocksAt, hasChecksum: (descriptor & 4) !== 0 }
}
