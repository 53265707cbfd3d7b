import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TailCache } from '../../../../broker/log/tail-cache.ts'
import { compress } from '../../../../broker/record/compress.ts'
import { codecs } from '../../../../broker/record/compression.ts'
import { batchesIn, RecordBatch } from '../../../../broker/record/record-batch.ts'
import { rewriteBatch } from '../../../../broker/record/rewrite-batch.ts'
import {
  append,
  FixedClock,
  makeTemporaryDirectory,
  nowMs,
  openTestLog,
  type TestLogOptions,
} from '../open-test-log.ts'
import { cleanTestLog, keyedBatch, readAsText, readBytes, readRecords } from './clean-test-log.ts'

const config = { isCompacted: true, deletesOldSegments: false, indexIntervalBytes: 200 }

async function openCompacted(options: TestLogOptions = {}) {
  const directory = await makeTemporaryDirectory()
  const clock = new FixedClock()
  const all = { clock, tail: new TailCache({ bytesMax: 0 }), ...options, config: { ...config, ...options.config } }
  const log = await openTestLog(directory, all)
  return { directory, clock, log, options: all }
}

/** Each array is one closed segment of one batch. */
async function fill(log: Awaited<ReturnType<typeof openTestLog>>, segments: readonly (readonly string[])[]) {
  for (const entries of segments) {
    await append(log, keyedBatch(entries))
    await log.roll()
  }
  await log.flush()
}

describe('cleaning', () => {
  it('keeps the last record of each key under its offset', async () => {
    const { log, clock } = await openCompacted()
    await fill(log, [['a=1', 'b=1', 'a=2'], ['c=1', 'a=3'], ['d=1']])
    await append(log, keyedBatch(['a=4']))
    expect(await cleanTestLog(log, { clock })).toBe(true)
    // The active segment is left alone, and what it says of a key does not count yet.
    expect(await readAsText(log)).toEqual(['1:b=1', '3:c=1', '4:a=3', '5:d=1', '6:a=4'])
    expect([log.cleanedOffset, log.logEndOffset, log.logStartOffset]).toEqual([6, 7, 0])
    expect(await cleanTestLog(log, { clock })).toBe(false)
    await log.close()
  })

  it('shows nobody what it dropped, be it still in memory', async () => {
    const { log, clock } = await openCompacted({ tail: new TailCache() })
    await fill(log, [['a=1', 'b=1'], ['a=2']])
    await append(log, keyedBatch(['c=1']))
    await cleanTestLog(log, { clock })
    expect(await readAsText(log)).toEqual(['1:b=1', '2:a=2', '3:c=1'])
    await log.close()
  })

  it('makes one segment of many small ones, with the names that Kafka gives files', async () => {
    const { log, clock, directory, options } = await openCompacted({ config: { fileDeleteDelayMs: 1000 } })
    await fill(
      log,
      Array.from({ length: 20 }, (_, i) => [`k${i % 3}=${i}`]),
    )
    await cleanTestLog(log, { clock })
    const names = async () => (await readdir(join(directory, 'orders-0'))).toSorted()
    const logs = async () => (await names()).filter((name) => name.endsWith('.log'))
    // The second one is active, and empty still.
    expect(await logs()).toEqual(['00000000000000000000.log', '00000000000000000020.log'])
    expect((await names()).filter((name) => name.endsWith('.deleted')).length).toBeGreaterThan(40)
    clock.timeMs += 2000
    await log.deleteOldSegments(clock.timeMs, log.logEndOffset)
    expect((await names()).filter((name) => name.endsWith('.deleted'))).toEqual([])
    await append(log, keyedBatch(['k0=next']))
    await log.close()
    const again = await openTestLog(directory, { ...options, recovery: { cleanedOffset: log.cleanedOffset } })
    expect(await readAsText(again)).toEqual(['17:k2=17', '18:k0=18', '19:k1=19', '20:k0=next'])
    expect(again.cleanedOffset).toBe(20)
    await again.close()
  })

  it('lets readers that began before go on where they were', async () => {
    const { log, clock } = await openCompacted()
    await fill(log, [['a=1', 'b=1'], ['a=2'], ['c=1']])
    const before = log.read({ offset: 0, maxBytes: 1, upToOffset: 4, atLeastOneBatch: true })
    await cleanTestLog(log, { clock })
    expect([...batchesIn(Buffer.concat(await before))]).toHaveLength(1)
    for (let offset = 0; offset < 4; offset++) {
      const [bytes] = await log.read({ offset, maxBytes: 1, upToOffset: 4, atLeastOneBatch: true })
      expect(new RecordBatch(bytes ?? Buffer.alloc(0)).lastOffset).toBeGreaterThanOrEqual(offset)
    }
    await log.close()
  })

  it('cleans batches in the codec that they are in, and keeps time, headers of batches and sequences', async () => {
    const { log, clock } = await openCompacted()
    for (const codec of [codecs.gzip, codecs.snappy, codecs.lz4, codecs.zstd]) {
      const plain = new RecordBatch(
        keyedBatch(['a=1', `b${codec}=2`, 'a=3'], { producerId: 7, producerEpoch: 1, baseSequence: (codec - 1) * 3 }),
      )
      const { recordCount, baseTimestampMs, maxTimestampMs } = plain
      const payload = compress(plain.payload, { codec })
      const facts = { recordCount, baseTimestampMs, maxTimestampMs, hasDeleteHorizon: false }
      await append(log, rewriteBatch(plain, { payload, codec, ...facts }))
    }
    await log.roll()
    await log.flush()
    await cleanTestLog(log, { clock })
    expect(await readAsText(log)).toEqual(['1:b1=2', '4:b2=2', '7:b3=2', '10:b4=2', '11:a=3'])
    const batches = [...batchesIn(await readBytes(log))].map(() => undefined)
    expect(batches).toHaveLength(4)
    for (const batch of batchesIn(await readBytes(log))) {
      expect(batch.hasValidChecksum()).toBe(true)
      expect(batch.codec).toBe(batch.baseSequence / 3 + 1)
      expect([batch.producerId, batch.producerEpoch, batch.lastOffsetDelta]).toEqual([7, 1, 2])
    }
    expect((await readRecords(log)).every(({ timestampMs }) => timestampMs === nowMs)).toBe(true)
    await log.close()
  })

  it('keeps a tombstone for delete.retention.ms after the first cleaning', async () => {
    const { log, clock } = await openCompacted({
      config: {
        compaction: {
          minCleanableDirtyRatio: 0,
          minCompactionLagMs: 0,
          maxCompactionLagMs: 1e12,
          deleteRetentionMs: 5000,
        },
      },
    })
    await fill(log, [['a=1', 'b=1'], ['a='], ['c=1']])
    await cleanTestLog(log, { clock })
    expect(await readAsText(log)).toEqual(['1:b=1', '2:a=', '3:c=1'])
    const horizons = [...batchesIn(await readBytes(log))].map(() => 0)
    expect(horizons).toHaveLength(3)
    const withHorizon: number[] = []
    for (const batch of batchesIn(await readBytes(log)))
      if (batch.deleteHorizonMs) withHorizon.push(batch.deleteHorizonMs)
    expect(withHorizon).toEqual([nowMs + 5000])
    expect((await readRecords(log)).map(({ timestampMs }) => timestampMs)).toEqual([nowMs, nowMs, nowMs])
    clock.timeMs += 4999
    await fill(log, [['d=1']])
    await cleanTestLog(log, { clock })
    expect(await readAsText(log)).toContain('2:a=')
    clock.timeMs += 1
    await fill(log, [['e=1']])
    await cleanTestLog(log, { clock })
    expect(await readAsText(log)).toEqual(['1:b=1', '3:c=1', '4:d=1', '5:e=1'])
    await log.close()
  })

  it('keeps the last batch of an active producer without its records, so that a restart knows its sequence', async () => {
    const { log, clock, directory, options } = await openCompacted()
    await append(log, keyedBatch(['a=1'], { producerId: 5, producerEpoch: 0, baseSequence: 0 }))
    await append(log, keyedBatch(['a=2'], { producerId: 5, producerEpoch: 0, baseSequence: 1 }))
    await append(log, keyedBatch(['a=3'], { producerId: 6, producerEpoch: 0, baseSequence: 0 }))
    await log.roll()
    await log.flush()
    await cleanTestLog(log, { clock })
    expect(await readAsText(log)).toEqual(['2:a=3'])
    const kept: number[][] = []
    for (const batch of batchesIn(await readBytes(log)))
      kept.push([batch.producerId, batch.lastSequence, batch.recordCount])
    expect(kept).toEqual([
      [5, 1, 0],
      [6, 0, 1],
    ])
    await log.close()
    const again = await openTestLog(directory, { ...options, recovery: { isClean: false } })
    expect(again.producers.list().map(({ producerId, batches }) => [producerId, batches.at(-1)?.lastSequence])).toEqual(
      [
        [5, 1],
        [6, 0],
      ],
    )
    await again.close()
  })

  it('goes as far as its memory for keys allows, and on from there', async () => {
    const { log, clock } = await openCompacted()
    const keys = Array.from({ length: 3000 }, (_, i) => `key-${i}=${i}`)
    for (let at = 0; at < keys.length; at += 100) await append(log, keyedBatch(keys.slice(at, at + 100)))
    await fill(log, [['key-0=last', 'key-2999=last']])
    const settings = { logCleanerDedupeBufferSize: 24 * 1024, logCleanerIoBufferLoadFactor: 0.5 }
    const rounds: (number | undefined)[] = []
    while (await cleanTestLog(log, { clock, settings })) {
      rounds.push(log.cleanedOffset)
      // The ratio asks for more than half; a test wants it all.
      log.updateConfig({ ...log.config, compaction: { ...log.config.compaction, minCleanableDirtyRatio: 0 } })
    }
    expect(rounds.length).toBeGreaterThan(4)
    expect(rounds.at(-1)).toBe(3002)
    const text = await readAsText(log)
    expect(text).toHaveLength(3000)
    expect(text.slice(-2)).toEqual(['3000:key-0=last', '3001:key-2999=last'])
    await log.close()
  })

  it('changes nothing when the log was cut meanwhile, and keeps its mark below the cut', async () => {
    const { log, clock } = await openCompacted()
    await fill(log, [['a=1'], ['a=2'], ['a=3'], ['b=1']])
    let isCut = false
    const beforeChange = async () => {
      if (isCut) return
      isCut = true
      await log.truncateTo(2)
    }
    expect(await cleanTestLog(log, { clock, beforeChange })).toBe(false)
    expect(await readAsText(log)).toEqual(['0:a=1', '1:a=2'])
    expect(log.cleanedOffset).toBeUndefined()
    await fill(log, [['c=1'], ['d=1']])
    await cleanTestLog(log, { clock })
    expect(log.cleanedOffset).toBe(4)
    await log.truncateTo(3)
    expect(log.cleanedOffset).toBe(3)
    await log.close()
  })

  it('gives up on a log with a damaged batch and leaves its files alone', async () => {
    const { log, clock, directory } = await openCompacted()
    await fill(log, [['a=1'], ['a=2']])
    const file = join(directory, 'orders-0', '00000000000000000000.log')
    const { readFile, writeFile } = await import('node:fs/promises')
    const bytes = await readFile(file)
    bytes[bytes.length - 1] = 0xff
    await writeFile(file, bytes)
    await expect(cleanTestLog(log, { clock })).rejects.toThrow('Checksum')
    expect((await readdir(join(directory, 'orders-0'))).filter((name) => name.includes('.cleaned'))).toEqual([])
    expect(log.isOffline).toBe(false)
    await log.close()
  })
})
