import { access, readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append, batchOf, makeTemporaryDirectory, nowMs, openTestLog, readAll } from './open-test-log.ts'

const minuteMs = 60_000
const small = { segmentBytes: 500, indexIntervalBytes: 100 }
const value = (i: number) => `${i}`.padEnd(100, '.')

/** Batches of about 175 bytes, two to a segment, one minute apart. */
async function openFilled(directory: string, config: object, count = 10) {
  const log = await openTestLog(directory, { config: { ...small, ...config } })
  for (let i = 0; i < count; i++) await append(log, batchOf([value(i)], { timestampMs: nowMs + i * minuteMs }))
  return log
}

describe('retention', () => {
  it('by time deletes segments whose youngest record is too old', async () => {
    const log = await openFilled(await makeTemporaryDirectory(), { retentionMs: 5 * minuteMs })
    expect(await log.deleteOldSegments(nowMs + 9 * minuteMs, 10)).toBe(2)
    expect(log.logStartOffset).toBe(4)
    expect((await readAll(log))[0]).toBe(`4:${value(4)}`)
    await log.close()
  })

  it('by time takes the active segment, too, and goes on at the same offset', async () => {
    const log = await openFilled(await makeTemporaryDirectory(), { retentionMs: minuteMs })
    expect(await log.deleteOldSegments(nowMs + 60 * minuteMs, 10)).toBe(5)
    expect([log.logStartOffset, log.logEndOffset, log.sizeBytes]).toEqual([10, 10, 0])
    expect(await append(log, batchOf(['next']))).toBe(10)
    await log.close()
  })

  it('by time counts from the last write where records have no time', async () => {
    const directory = await makeTemporaryDirectory()
    const config = { ...small, retentionMs: minuteMs }
    const log = await openTestLog(directory, { config })
    for (let i = 0; i < 4; i++) await append(log, batchOf([value(i)], { timestampMs: -1 }))
    const [first = ''] = (await readdir(join(directory, 'orders-0'))).filter((name) => name.endsWith('.log')).toSorted()
    await utimes(join(directory, 'orders-0', first), nowMs / 1000, nowMs / 1000 - 61)
    const writtenMs = Date.now()
    expect(await log.deleteOldSegments(nowMs, 4)).toBe(1)
    expect(log.logStartOffset).toBe(2)
    expect(await log.deleteOldSegments(writtenMs + 2 * minuteMs, 4)).toBe(1)
    expect(log.logStartOffset).toBe(4)
    await log.close()
  })

  it('by size keeps at least as much as asked', async () => {
    const log = await openFilled(await makeTemporaryDirectory(), { retentionMs: -1, retentionBytes: 800 })
    const before = log.sizeBytes
    await log.deleteOldSegments(nowMs, 10)
    expect(log.sizeBytes).toBeGreaterThanOrEqual(800)
    expect(log.sizeBytes).toBeLessThan(Math.min(before, 800 + 500))
    await log.close()
  })

  it('never takes what is not replicated yet', async () => {
    const log = await openFilled(await makeTemporaryDirectory(), { retentionMs: minuteMs })
    expect(await log.deleteOldSegments(nowMs + 60 * minuteMs, 5)).toBe(2)
    expect(log.logStartOffset).toBe(4)
    await log.close()
  })

  it('leaves compacted topics alone but for what is below the log start', async () => {
    const log = await openFilled(await makeTemporaryDirectory(), { retentionMs: 1, deletesOldSegments: false })
    expect(await log.deleteOldSegments(nowMs + 60 * minuteMs, 10)).toBe(0)
    await log.advanceLogStartOffset(7)
    expect(await log.deleteOldSegments(nowMs + 60 * minuteMs, 10)).toBe(3)
    expect(log.logStartOffset).toBe(7)
    await log.close()
  })

  it('removes files only after the delay', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openFilled(directory, { retentionMs: 5 * minuteMs, fileDeleteDelayMs: minuteMs })
    await log.deleteOldSegments(nowMs + 9 * minuteMs, 10)
    const doomed = join(directory, 'orders-0', '00000000000000000000.log.deleted')
    await access(doomed)
    await log.deleteOldSegments(nowMs + 10 * minuteMs, 10)
    expect(
      (await readdir(join(directory, 'orders-0'))).filter((name) => name.startsWith('00000000000000000000')),
    ).toEqual([])
    await log.close()
  })
})

describe('deleting records', () => {
  it('hides them at once and keeps them hidden', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openFilled(directory, { retentionMs: -1 })
    await log.advanceLogStartOffset(5)
    expect(() => log.read({ offset: 4, maxBytes: 1, upToOffset: 10, atLeastOneBatch: true })).toThrow('Offset 4')
    expect(await log.offsetForTimestamp(0, 10)).toMatchObject({ offset: 5 })
    await log.close()
    const again = await openTestLog(directory, { config: small, recovery: { logStartOffset: 5 } })
    expect((await readAll(again))[0]).toBe(`5:${value(5)}`)
    await again.close()
  })
})

describe('rolling', () => {
  it('begins a new segment when records are a segment.ms apart', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory, { config: { segmentMs: 10 * minuteMs } })
    for (const minute of [0, 5, 10, 11, 12, 30]) {
      await append(log, batchOf(['x'], { timestampMs: nowMs + minute * minuteMs }))
    }
    await log.close()
    const names = (await readdir(join(directory, 'orders-0'))).filter((name) => name.endsWith('.log'))
    expect(names.map(Number.parseFloat).sort((a, b) => a - b)).toEqual([0, 3, 5])
  })
})
