import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NodeFileSystem } from '../../../../broker/log/node-file-system.ts'
import { TailCache } from '../../../../broker/log/tail-cache.ts'
import { CrashingFileSystem } from '../../../support/crashing-file-system.ts'
import { append, FixedClock, makeTemporaryDirectory, openTestLog } from '../open-test-log.ts'
import { cleanTestLog, keyedBatch, latestCommitted } from './clean-test-log.ts'

const config = { isCompacted: true, deletesOldSegments: false, indexIntervalBytes: 100, segmentBytes: 700 }

/** Twelve segments of three keys, some with a transaction that was aborted; they become three or four. */
async function fillLog(directory: string): Promise<number> {
  const log = await openTestLog(directory, { config })
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

it('a crash at any step of cleaning loses and revives nothing', { timeout: 120_000 }, async () => {
  const reference = await makeTemporaryDirectory()
  const endOffset = await fillLog(reference)
  const untouched = await openTestLog(reference, { config })
  const expected = await latestCommitted(untouched)
  await untouched.close()

  let hasFinished = false
  for (let crashAt = 0; !hasFinished; crashAt++) {
    const directory = await makeTemporaryDirectory()
    await fillLog(directory)
    const fileSystem = new CrashingFileSystem(new NodeFileSystem(), Number.POSITIVE_INFINITY)
    const clock = new FixedClock()
    const open = { config, tail: new TailCache({ bytesMax: 0 }), clock }
    const log = await openTestLog(directory, { ...open, fileSystem, recovery: { recoveryPoint: endOffset } })
    fileSystem.crashAfter(crashAt)
    await cleanTestLog(log, { clock }).catch(() => undefined)
    hasFinished = !fileSystem.hasCrashed
    if (hasFinished) expect(crashAt).toBeGreaterThan(30)
    await log.close().catch(() => undefined)

    // As after a kill, and as if the last recovery point had been written long before.
    for (const recoveryPoint of [endOffset, 0]) {
      const again = await openTestLog(directory, { ...open, recovery: { isClean: false, recoveryPoint } })
      expect(again.logEndOffset, `crash after step ${crashAt}`).toBe(endOffset)
      expect(await latestCommitted(again), `crash after step ${crashAt}`).toEqual(expected)
      const names = await readdir(join(directory, 'orders-0'))
      expect(names.filter((name) => /\.(cleaned|swap|deleted)$/.test(name))).toEqual([])
      expect(again.lastStableOffset(endOffset)).toBe(endOffset)
      await cleanTestLog(again, { clock })
      expect(await latestCommitted(again), `crash after step ${crashAt}, cleaned again`).toEqual(expected)
      await again.close()
    }
  }
})
