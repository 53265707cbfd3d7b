import { describe, expect, it } from 'vitest'
import { PartitionTail, TailCache } from '../../../broker/log/tail-cache.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'
import { batchOf } from './open-test-log.ts'

const text = 'x'.repeat(900)

function fill(tail: PartitionTail, from: number, to: number): void {
  for (let offset = from; offset < to; offset++)
    tail.append(batchOf([text], { baseOffset: offset }), offset, offset + 1)
}

function offsetsOf(buffers: Buffer[]): number[] {
  return buffers.flatMap((buffer) => Array.from(batchesIn(buffer), (batch) => batch.baseOffset))
}

describe('the tail cache', () => {
  it('keeps the newest batches of all partitions within one bound', () => {
    const cache = new TailCache({ bytesMax: 90_000 })
    const [a, b] = [new PartitionTail(cache), new PartitionTail(cache)]
    fill(a, 0, 50)
    fill(b, 0, 50)
    expect(b.startOffset).toBe(0)
    expect(a.startOffset).toBeGreaterThan(0)
    fill(b, 50, 500)
    expect(a.startOffset).toBe(Number.POSITIVE_INFINITY)
    expect(b.startOffset).toBeGreaterThan(390)
    expect(offsetsOf(b.read(b.startOffset, 500, 1_000_000, true))).toEqual(
      Array.from({ length: 500 - b.startOffset }, (_, i) => b.startOffset + i),
    )
  })

  it('does not serve what would leave a gap behind a batch too large to keep', () => {
    const tail = new PartitionTail(new TailCache({ bytesMax: 10_000 }))
    fill(tail, 0, 2)
    expect(tail.append(batchOf(['x'.repeat(5000)]), 2, 3)).toBeUndefined()
    expect(tail.startOffset).toBe(Number.POSITIVE_INFINITY)
    fill(tail, 3, 5)
    expect(tail.startOffset).toBe(3)
  })

  it('leaves bytes that a reader holds as they are when the cache moves on', () => {
    const cache = new TailCache({ bytesMax: 20_000 })
    const tail = new PartitionTail(cache)
    fill(tail, 0, 3)
    const held = tail.read(0, 3, 100_000, true)
    fill(tail, 3, 300)
    expect(offsetsOf(held)).toEqual([0, 1, 2])
  })

  it('leaves bytes that are still being written as they are', () => {
    const cache = new TailCache({ bytesMax: 20_000 })
    const tail = new PartitionTail(cache)
    const slab = tail.append(batchOf([text], { baseOffset: 0 }), 0, 1)
    if (slab === undefined) throw new Error('Not kept')
    slab.pendingWrites++
    const written = slab.buffer.subarray(0, slab.usedBytes)
    fill(tail, 1, 300)
    expect(offsetsOf([written])).toEqual([0])
  })

  it('ends before the limits but for a first batch that must be there', () => {
    const tail = new PartitionTail(new TailCache())
    fill(tail, 0, 200)
    expect(offsetsOf(tail.read(150, 200, 2500, true))).toEqual([150, 151])
    expect(offsetsOf(tail.read(150, 152, 100_000, true))).toEqual([150, 151])
    expect(offsetsOf(tail.read(150, 200, 10, true))).toEqual([150])
    expect(offsetsOf(tail.read(150, 200, 10, false))).toEqual([])
  })
})
