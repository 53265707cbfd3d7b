import { describe, expect, it } from 'vitest'
import type { PartitionLog } from '../../../broker/log/partition-log.ts'
import { ReadMemory } from '../../../broker/log/read-loan.ts'
import { PartitionTail, TailCache } from '../../../broker/log/tail-cache.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'
import { append, batchOf, makeTemporaryDirectory, openTestLog } from './open-test-log.ts'

const batchBytes = 200_000

/** A log of batches that are too large to be kept in memory; batch `n` is all of the `n`th letter. */
async function openLogOfFiles(batches: number): Promise<PartitionLog> {
  const log = await openTestLog(await makeTemporaryDirectory(), { tail: new TailCache({ bytesMax: 1_000 }) })
  for (let i = 0; i < batches; i++) await append(log, batchOf([letter(i).repeat(batchBytes)]))
  return log
}

function letter(batch: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + batch)
}

function readOf(log: PartitionLog, offset: number, memory: ReadMemory) {
  const loan = memory.lend()
  const read = log.read({ offset, maxBytes: batchBytes, upToOffset: log.logEndOffset, atLeastOneBatch: true, loan })
  return { loan, read: Promise.resolve(read) }
}

function textOf(buffers: readonly Buffer[]): string {
  return buffers.map((buffer) => buffer.subarray(-batchBytes / 2).toString('latin1')).join('')
}

describe('the memory of answers', () => {
  it('is used again once an answer has left', async () => {
    const log = await openLogOfFiles(2)
    const memory = new ReadMemory()
    const first = readOf(log, 0, memory)
    const firstBuffers = await first.read
    first.loan.end()
    const second = readOf(log, 1, memory)
    expect((await second.read)[0]?.buffer).toBe(firstBuffers[0]?.buffer)
    expect(textOf(await second.read)).toContain('b'.repeat(1000))
    await log.close()
  })

  it('is not shared by answers that are under way', async () => {
    const log = await openLogOfFiles(3)
    const memory = new ReadMemory()
    const reads = [0, 1, 2].map((offset) => readOf(log, offset, memory))
    const texts = (await Promise.all(reads.map(({ read }) => read))).map(textOf)
    for (const [i, text] of texts.entries()) expect(text.startsWith(letter(i).repeat(1000))).toBe(true)
    await log.close()
  })

  it('does not go to another answer while a read of an ended one still fills it', async () => {
    const log = await openLogOfFiles(2)
    const memory = new ReadMemory()
    const late = readOf(log, 0, memory)
    late.loan.end()
    const next = readOf(log, 1, memory)
    await late.read
    expect(textOf(await next.read).startsWith('b'.repeat(1000))).toBe(true)
    await log.close()
  })

  it('keeps what a reader borrowed of the newest batches until it has left', () => {
    const text = 'x'.repeat(900)
    const tail = new PartitionTail(new TailCache({ bytesMax: 20_000 }))
    const fill = (from: number, to: number) => {
      for (let offset = from; offset < to; offset++) {
        tail.append(batchOf([text], { baseOffset: offset }), offset, offset + 1)
      }
    }
    const memory = new ReadMemory()
    fill(0, 3)
    const loan = memory.lend()
    const held = tail.read(0, 3, 100_000, true, loan)
    fill(3, 300)
    expect(held.flatMap((buffer) => Array.from(batchesIn(buffer), (batch) => batch.baseOffset))).toEqual([0, 1, 2])
    loan.end()
  })
})
