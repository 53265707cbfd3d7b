import { expect, it } from 'vitest'
import type { FileSystem } from '../../../../broker/log/file-system.ts'
import { TailCache } from '../../../../broker/log/tail-cache.ts'
import { type Crash, crashAtEachStep } from '../../../support/crash-at-each-step.ts'
import { CrashDisk } from '../../../support/crash-disk.ts'
import { append, FixedClock, openTestLog } from '../open-test-log.ts'
import { cleanTestLog, keyedBatch, latestCommitted } from './clean-test-log.ts'

const config = { isCompacted: true, deletesOldSegments: false, indexIntervalBytes: 100, segmentBytes: 700 }

/** Twelve segments of three keys, some with a transaction that was aborted; they become three or four. */
async function fillLog(fileSystem: FileSystem): Promise<number> {
  const log = await openTestLog('/', { config, fileSystem })
  for (let i = 0; i < 12; i++) {
    const producer = { producerId: 3, producerEpoch: 0, baseSequence: i }
    await append(log, keyedBatch([`k${i % 3}=${i}`, `own-${i}=${i}`]))
    if (i % 4 === 1) {
      log.appendAsLeader(keyedBatch([`k0=aborted-${i}`], { ...producer, isTransactional: true }), {
        leaderEpoch: 0,
        origin: 'marker',
      })
      const end = { producerId: 3, producerEpoch: 0, isCommit: false, coordinatorEpoch: 0, transactionVersion: 0 }
      log.appendEndTransaction(end, 0)
    }
    await log.roll()
  }
  await append(log, keyedBatch(['k0=last']))
  await log.flush()
  await log.close()
  return log.logEndOffset
}

it('a crash at any step of cleaning loses and revives nothing', { timeout: 300_000 }, async () => {
  const disk = await CrashDisk.withFolder('/orders-0')
  const endOffset = await fillLog(disk)
  const clock = new FixedClock()
  const open = { config, tail: new TailCache({ bytesMax: 0 }), clock }
  const log = await openTestLog('/', { ...open, fileSystem: disk, recovery: { recoveryPoint: endOffset } })
  const expected = await latestCommitted(log)
  const crashes: Crash[] = []
  crashAtEachStep(disk, (crash) => crashes.push(crash))
  await cleanTestLog(log, { clock })
  expect(disk.steps).toBeGreaterThan(100)

  for (const { name, disk: left, loss } of crashes) {
    // A process that was killed may have written its last recovery point long before.
    for (const recoveryPoint of loss === 'nothing' ? [endOffset, 0] : [endOffset]) {
      const again = await openTestLog('/', { ...open, fileSystem: left, recovery: { isClean: false, recoveryPoint } })
      expect(again.logEndOffset, name).toBe(endOffset)
      expect(await latestCommitted(again), name).toEqual(expected)
      expect((await left.list('/orders-0')).filter((file) => /\.(cleaned|swap|deleted)$/.test(file))).toEqual([])
      expect(again.lastStableOffset(endOffset)).toBe(endOffset)
      await cleanTestLog(again, { clock })
      expect(await latestCommitted(again), `${name}, cleaned again`).toEqual(expected)
      await again.close()
    }
  }
})
