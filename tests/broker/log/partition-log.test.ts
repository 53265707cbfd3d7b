import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { buildBatch } from '../../../broker/record/build-batch.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'
import { append, batchOf, FixedClock, makeTemporaryDirectory, nowMs, openTestLog, readAll } from './open-test-log.ts'

/** Keeps nothing, so that every read goes to the files. */
const noTail = () => new TailCache({ bytesMax: 0 })

describe('appending', () => {
  it('hands out offsets in the order of the calls and shows records once they are written', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    const first = log.appendAsLeader(batchOf(['a', 'b']), { leaderEpoch: 3, origin: 'client' })
    const second = log.appendAsLeader(batchOf(['c']), { leaderEpoch: 3, origin: 'client' })
    expect([first.baseOffset, first.lastOffset, second.baseOffset]).toEqual([0, 1, 2])
    expect([log.nextOffset, log.logEndOffset]).toEqual([3, 0])
    expect(log.read({ offset: 0, maxBytes: 1000, upToOffset: 3, atLeastOneBatch: true })).toEqual([])
    await second.written
    expect(log.logEndOffset).toBe(3)
    expect(await readAll(log)).toEqual(['0:a', '1:b', '2:c'])
    await log.close()
  })

  it('stamps the leader epoch and keeps the checksum valid', async () => {
    const log = await openTestLog(await makeTemporaryDirectory(), { tail: noTail() })
    await append(log, batchOf(['a']), 7)
    const [bytes = Buffer.alloc(0)] = await log.read({
      offset: 0,
      maxBytes: 1000,
      upToOffset: 1,
      atLeastOneBatch: true,
    })
    for (const batch of batchesIn(bytes)) {
      expect([batch.partitionLeaderEpoch, batch.hasValidChecksum()]).toEqual([7, true])
    }
    expect(log.leaderEpochs.latest).toBe(7)
    await log.close()
  })

  it('sets the time of the append where the topic asks for it', async () => {
    const log = await openTestLog(await makeTemporaryDirectory(), { config: { timestampType: 'LogAppendTime' } })
    const result = log.appendAsLeader(batchOf(['a'], { timestampMs: 5 }), { leaderEpoch: 0, origin: 'client' })
    await result.written
    expect(result.logAppendTimeMs).toBe(nowMs)
    const [bytes = Buffer.alloc(0)] = await log.read({
      offset: 0,
      maxBytes: 1000,
      upToOffset: 1,
      atLeastOneBatch: true,
    })
    for (const batch of batchesIn(bytes)) {
      expect([batch.hasLogAppendTime, batch.maxTimestampMs, batch.hasValidChecksum()]).toEqual([true, nowMs, true])
    }
    await log.close()
  })

  it.each([
    ['a wrong checksum', () => corrupt(batchOf(['a'])), errorCodes.CORRUPT_MESSAGE],
    ['two batches', () => Buffer.concat([batchOf(['a']), batchOf(['b'])]), errorCodes.INVALID_RECORD],
    ['a base offset', () => batchOf(['a'], { baseOffset: 4 }), errorCodes.INVALID_RECORD],
    ['a control batch', () => batchOf(['a'], { isControl: true }), errorCodes.INVALID_RECORD],
    ['a producer id without sequence', () => batchOf(['a'], { producerId: 1 }), errorCodes.INVALID_RECORD],
    [
      'a batch from two hours ahead',
      () => batchOf(['a'], { timestampMs: nowMs + 7_200_000 }),
      errorCodes.INVALID_TIMESTAMP,
    ],
    ['too large a batch', () => batchOf(['a'.repeat(2000)]), errorCodes.MESSAGE_TOO_LARGE],
    ['a cut batch', () => batchOf(['a']).subarray(0, 65), errorCodes.CORRUPT_MESSAGE],
    ['nothing', () => Buffer.alloc(0), errorCodes.CORRUPT_MESSAGE],
  ])('refuses %s and stays usable', async (_, batch, code) => {
    const log = await openTestLog(await makeTemporaryDirectory(), { config: { maxMessageBytes: 1000 } })
    expect(() => log.appendAsLeader(batch(), { leaderEpoch: 0, origin: 'client' })).toThrow(
      expect.objectContaining({ code }),
    )
    expect(await append(log, batchOf(['b']))).toBe(0)
    await log.close()
  })

  it('refuses records without a key only where the topic is compacted', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory, { config: { isCompacted: true } })
    const keyed = buildBatch({ records: [{ key: Buffer.from('k'), value: null }], timestampMs: nowMs })
    expect(await append(log, keyed)).toBe(0)
    expect(() => log.appendAsLeader(batchOf(['a']), { leaderEpoch: 0, origin: 'client' })).toThrow(
      expect.objectContaining({ code: errorCodes.INVALID_RECORD }),
    )
    await log.close()
  })
})

function corrupt(batch: Buffer): Buffer {
  batch[batch.length - 1] = (batch[batch.length - 1] ?? 0) ^ 1
  return batch
}

describe('reading', () => {
  it.each([
    ['memory', () => new TailCache()],
    ['files', noTail],
  ])('from %s begins with the batch that contains the offset', async (_, tail) => {
    const log = await openTestLog(await makeTemporaryDirectory(), { tail: tail() })
    await append(log, batchOf(['a', 'b', 'c']))
    await append(log, batchOf(['d', 'e', 'f']))
    const buffers = await log.read({ offset: 4, maxBytes: 1, upToOffset: 6, atLeastOneBatch: true })
    expect([...batchesIn(Buffer.concat(buffers))]).toHaveLength(1)
    expect(Buffer.concat(buffers).readBigInt64BE(0)).toBe(3n)
    expect(await log.read({ offset: 4, maxBytes: 1, upToOffset: 6, atLeastOneBatch: false })).toEqual([])
    expect(await log.read({ offset: 4, maxBytes: 1000, upToOffset: 5, atLeastOneBatch: true })).toEqual([])
    await log.close()
  })

  it('refuses offsets outside the log', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    await append(log, batchOf(['a']))
    const read = (offset: number) => () => log.read({ offset, maxBytes: 1, upToOffset: 9, atLeastOneBatch: true })
    expect(read(-1)).toThrow(expect.objectContaining({ code: errorCodes.OFFSET_OUT_OF_RANGE }))
    expect(read(2)).toThrow(expect.objectContaining({ code: errorCodes.OFFSET_OUT_OF_RANGE }))
    expect(read(1)()).toEqual([])
    await log.close()
  })

  it('finds every offset through the sparse index, across segments', async () => {
    const config = { segmentBytes: 20_000, indexIntervalBytes: 500 }
    const log = await openTestLog(await makeTemporaryDirectory(), { config, tail: noTail() })
    for (let i = 0; i < 300; i++) await append(log, batchOf([`${i}`.padStart(i % 400, 'x')]))
    for (let offset = 0; offset < 300; offset += 7) {
      const [first] = await readAll(log, offset, 100)
      expect(first).toBe(`${offset}:${`${offset}`.padStart(offset % 400, 'x')}`)
    }
    await log.close()
  })

  it('serves what left the memory from the files', async () => {
    const tail = new TailCache({ bytesMax: 64 * 1024 })
    const log = await openTestLog(await makeTemporaryDirectory(), { tail })
    const values = Array.from({ length: 400 }, (_, i) => `${i}`.padStart(1000, '.'))
    for (const value of values) await append(log, batchOf([value]))
    expect(await readAll(log)).toEqual(values.map((value, i) => `${i}:${value}`))
    expect(log.read({ offset: 399, maxBytes: 1, upToOffset: 400, atLeastOneBatch: true })).toBeInstanceOf(Array)
    await log.close()
  })
})

describe('reopening', () => {
  it('puts nothing into the folder of a new log before its first batch', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory)
    log.leaderEpochs.assign(3, 0)
    const folder = join(directory, 'orders-0')
    expect(await readdir(folder)).toEqual([])
    await append(log, batchOf(['a']), 3)
    expect((await readdir(folder)).sort()).toEqual([
      '00000000000000000000.log',
      'leader-epoch-checkpoint',
      'partition.metadata',
    ])
    await log.close()
    const again = await openTestLog(directory)
    expect([again.topicId, again.leaderEpochs.latest]).toEqual(['AAAAAAAAAAAAAAAAAAAAAQ', 3])
    await again.close()
  })

  it('goes on where the log was closed', async () => {
    const directory = await makeTemporaryDirectory()
    const config = { segmentBytes: 2000, indexIntervalBytes: 300 }
    const expected: string[] = []
    for (let round = 0; round < 3; round++) {
      const log = await openTestLog(directory, { config })
      for (let i = 0; i < 20; i++)
        expected.push(
          `${await append(log, batchOf([`r${round}-${i}`.padEnd(100, '.')]))}:r${round}-${i}`.padEnd(100, '.'),
        )
      await log.close()
    }
    const log = await openTestLog(directory, { config })
    expect((await readAll(log)).map((line) => line.split('.')[0])).toEqual(expected.map((line) => line.split('.')[0]))
    expect(log.topicId).toBe('AAAAAAAAAAAAAAAAAAAAAQ')
    await log.close()
  })
})

describe('time', () => {
  it('finds the first record as young as a timestamp, inside its batch', async () => {
    const clock = new FixedClock()
    const log = await openTestLog(await makeTemporaryDirectory(), {
      config: { segmentBytes: 1500, indexIntervalBytes: 100 },
      clock,
    })
    for (let i = 0; i < 60; i++) {
      const records = [0, 1].map((j) => ({ key: null, value: Buffer.alloc(20), timestampMs: nowMs + i * 20 + j * 10 }))
      await append(log, buildBatch({ records, timestampMs: nowMs + i * 20 }))
    }
    for (let offset = 0; offset < 120; offset += 5) {
      expect(await log.offsetForTimestamp(nowMs + offset * 10 - 3, 120)).toMatchObject({
        offset,
        timestampMs: nowMs + offset * 10,
      })
    }
    expect(await log.offsetForTimestamp(nowMs + 1191, 120)).toBeUndefined()
    expect(await log.offsetForTimestamp(nowMs + 1190, 119)).toBeUndefined()
    expect(await log.offsetOfMaxTimestamp()).toEqual({ offset: 119, timestampMs: nowMs + 1190, leaderEpoch: 0 })
    await log.close()
  })
})
