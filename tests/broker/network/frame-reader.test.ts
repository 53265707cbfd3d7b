import { describe, expect, it } from 'vitest'
import { FrameReader } from '../../../broker/network/frame-reader.ts'
import { ProtocolError } from '../../../broker/protocol/protocol-error.ts'

/** Frames of `aa`, `bbbbbb` and `cc`. */
const stream = Buffer.from('00000001aa00000003bbbbbb00000001cc', 'hex')

function framesOf(chunks: readonly Buffer[], frameBytesMax = 100): string[] {
  const frames: string[] = []
  const reader = new FrameReader(frameBytesMax)
  for (const chunk of chunks) reader.push(chunk, (frame) => frames.push(frame.toString('hex')) > 0)
  return frames
}

describe('a frame reader', () => {
  it('finds the same frames wherever the stream is cut, also inside a size', () => {
    for (let first = 0; first <= stream.length; first++) {
      for (let second = first; second <= stream.length; second++) {
        const chunks = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)]
        expect(framesOf(chunks)).toEqual(['aa', 'bbbbbb', 'cc'])
      }
    }
    expect(framesOf([...stream].map((byte) => Buffer.from([byte])))).toEqual(['aa', 'bbbbbb', 'cc'])
  })

  it('keeps a frame that is not whole yet', () => {
    expect(framesOf([stream.subarray(0, 10)])).toEqual(['aa'])
  })

  it('copies what came in pieces, so that the chunks need not live on', () => {
    const chunks = [Buffer.from('00000002aa', 'hex'), Buffer.from('bb', 'hex')]
    const frames: Buffer[] = []
    const reader = new FrameReader(100)
    for (const chunk of chunks) reader.push(chunk, (frame) => frames.push(frame) > 0)
    for (const chunk of chunks) chunk.fill(0)
    expect(frames[0]?.toString('hex')).toBe('aabb')
  })

  it('holds little for a frame of which little has come', () => {
    const reader = new FrameReader(2 ** 30)
    reader.push(Buffer.from('3fffffff00', 'hex'), () => true)
    expect(reader.pendingBytes).toBe(1024 * 1024)
  })

  it('makes more room as a large frame comes', () => {
    const size = Buffer.from('00300000', 'hex')
    const frame = Buffer.from(Uint32Array.from({ length: (3 * 1024 * 1024) / 4 }, (_, i) => i).buffer)
    const sent = Buffer.concat([size, frame, size])
    const frames: Buffer[] = []
    const reader = new FrameReader(2 ** 30)
    for (let at = 0; at < sent.length; at += 65_536) {
      reader.push(sent.subarray(at, at + 65_536), (each) => frames.push(each) > 0)
    }
    expect(frames).toHaveLength(1)
    expect(frames[0]?.equals(frame)).toBe(true)
  })

  it('stops where it is told to, and says how far it came', () => {
    const frames: string[] = []
    const reader = new FrameReader(100)
    const takeOne = (frame: Buffer) => frames.push(frame.toString('hex')) < 0
    for (let rest = stream; rest.length > 0; ) rest = rest.subarray(reader.push(rest, takeOne))
    expect(frames).toEqual(['aa', 'bbbbbb', 'cc'])
    expect(reader.push(stream, takeOne)).toBe(5)
  })

  it.each([
    ['larger than allowed', '00000065'],
    ['empty', '00000000'],
    ['negative', 'ffffffff'],
    ['larger than allowed, in pieces', '0000', '0065'],
  ])('refuses a size that is %s before it makes room for the frame', (_, ...chunks) => {
    expect(() => framesOf(chunks.map((chunk) => Buffer.from(chunk, 'hex')))).toThrow(ProtocolError)
  })
})
