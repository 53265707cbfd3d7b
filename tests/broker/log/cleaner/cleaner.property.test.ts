import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PartitionLog } from '../../../../broker/log/partition-log.ts'
import { TailCache } from '../../../../broker/log/tail-cache.ts'
import { compress } from '../../../../broker/record/compress.ts'
import { batchesIn, RecordBatch } from '../../../../broker/record/record-batch.ts'
import { rewriteBatch } from '../../../../broker/record/rewrite-batch.ts'
import { FixedClock, makeTemporaryDirectory, openTestLog, type TestLogOptions } from '../open-test-log.ts'
import { cleanTestLog, keyedBatch, latestCommitted, readBytes } from './clean-test-log.ts'

const compaction = {
  minCleanableDirtyRatio: 0,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
  deleteRetentionMs: 1000,
}
const config = { isCompacted: true, deletesOldSegments: false, indexIntervalBytes: 100, segmentBytes: 900, compaction }

const entry = fc.tuple(fc.nat(8), fc.option(fc.nat(99), { freq: 4 })).map(([key, value]) => `k${key}=${value ?? ''}`)
const entries = fc.array(entry, { minLength: 1, maxLength: 4 })

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), entries, codec: fc.nat(4) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('transact' as const), entries, producer: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('end' as const), producer: fc.nat(2), isCommit: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('roll' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('clean' as const), memory: fc.constantFrom(24_576, 60_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(500, 1000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), isClean: fc.boolean() }) },
)

it('a cleaned log tells every reader the same latest value of each key', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), fc.nat(1000), async (steps, start) => {
      const directory = await makeTemporaryDirectory()
      const clock = new FixedClock()
      const open = { config, clock, tail: new TailCache({ bytesMax: 0 }) }
      let log = await openTestLog(directory, open)
      const sequences = [0, 0, 0]
      const ongoing = new Set<number>()
      const append = (bytes: Buffer) => log.appendAsLeader(bytes, { leaderEpoch: 0, origin: 'marker' }).written
      for (const action of steps) {
        switch (action.kind) {
          case 'write':
            await append(inCodec(keyedBatch(action.entries, { timestampMs: clock.timeMs }), action.codec))
            break
          case 'transact': {
            const { producer } = action
            const baseSequence = sequences[producer] ?? 0
            sequences[producer] = baseSequence + action.entries.length
            ongoing.add(producer)
            const batch = { producerId: 10 + producer, producerEpoch: 0, baseSequence, isTransactional: true }
            await append(keyedBatch(action.entries, { ...batch, timestampMs: clock.timeMs }))
            break
          }
          case 'end': {
            const end = { producerId: 10 + action.producer, producerEpoch: 0, isCommit: action.isCommit }
            ongoing.delete(action.producer)
            await log.appendEndTransaction({ ...end, coordinatorEpoch: 0, transactionVersion: 0 }, 0).written
            break
          }
          case 'roll':
            await log.roll()
            await log.flush()
            break
          case 'clean':
            await cleanAndCompare(log, clock, action.memory, start)
            break
          case 'wait':
            clock.timeMs += action.ms
            break
          case 'restart':
            log = await reopen(log, directory, open, action.isClean)
            break
        }
        log.noteHighWatermark(log.logEndOffset)
        if (ongoing.size === 0) expect(log.lastStableOffset(log.logEndOffset)).toBe(log.logEndOffset)
      }
      await log.roll()
      await log.flush()
      await cleanAndCompare(log, clock, 60_000, start)
      log = await reopen(log, directory, open, false)
      if (ongoing.size === 0) expect(log.lastStableOffset(log.logEndOffset)).toBe(log.logEndOffset)
      await log.close()
    }),
    { numRuns: 60 },
  )
})

/** Unclean, all that is known of producers and transactions is read from the log again. */
async function reopen(log: PartitionLog, directory: string, options: TestLogOptions, isClean: boolean) {
  const { cleanedOffset } = log
  const before = [lastSequences(log), await latestCommitted(log)]
  await log.close()
  const recovery = { isClean, recoveryPoint: isClean ? log.logEndOffset : 0, cleanedOffset }
  const again = await openTestLog(directory, { ...options, recovery })
  again.noteHighWatermark(again.logEndOffset)
  expect([lastSequences(again), await latestCommitted(again)]).toEqual(before)
  return again
}

async function cleanAndCompare(log: PartitionLog, clock: FixedClock, memory: number, start: number): Promise<void> {
  const somewhere = log.logEndOffset === 0 ? 0 : start % log.logEndOffset
  const before = [await latestCommitted(log), await latestCommitted(log, somewhere)]
  const settings = { logCleanerDedupeBufferSize: memory, logCleanerIoBufferSize: 1 }
  const lastStableOffset = log.lastStableOffset(log.logEndOffset)
  for (let rounds = 0; await cleanTestLog(log, { clock, settings, lastStableOffset }); rounds++)
    expect(rounds).toBeLessThan(50)
  expect([await latestCommitted(log), await latestCommitted(log, somewhere)]).toEqual(before)
  let nextOffset = 0
  for (const batch of batchesIn(await readBytes(log))) {
    expect(batch.hasValidChecksum()).toBe(true)
    expect(batch.baseOffset).toBeGreaterThanOrEqual(nextOffset)
    nextOffset = batch.nextOffset
  }
  expect(nextOffset).toBe(log.logEndOffset)
}

function lastSequences(log: PartitionLog): Map<number, number | undefined> {
  return new Map(log.producers.list().map(({ producerId, batches }) => [producerId, batches.at(-1)?.lastSequence]))
}

function inCodec(bytes: Buffer, codec: number): Buffer {
  const batch = new RecordBatch(bytes)
  const { recordCount, baseTimestampMs, maxTimestampMs } = batch
  const payload = compress(batch.payload, { codec })
  return rewriteBatch(batch, { payload, codec, recordCount, baseTimestampMs, maxTimestampMs, hasDeleteHorizon: false })
}
