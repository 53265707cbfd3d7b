import { expect, it } from 'vitest'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { Random } from '../../simulation/random.ts'
import { CrashDisk } from '../../support/crash-disk.ts'
import { openDirectory, openLog } from './log-workload.ts'
import { append, batchOf, FixedClock, nowMs, openTestLog } from './open-test-log.ts'

it('of a segment that is closed after a flush the indexes survive, too', async () => {
  const disk = await CrashDisk.withFolder('/orders-0')
  const open = { config: { indexIntervalBytes: 100 }, tail: new TailCache({ bytesMax: 0 }), clock: new FixedClock() }
  const log = await openTestLog('/', { ...open, fileSystem: disk })
  // The youngest comes first: only the time index knows.
  for (let i = 0; i < 20; i++) await append(log, batchOf([`value ${i}`], { timestampMs: nowMs - i }))
  await log.flush()
  await log.roll()
  await log.flush()
  expect(log.recoveryPoint).toBe(20)

  for (let seed = 0; seed < 30; seed++) {
    const fileSystem = disk.afterCrash('some', new Random(seed))
    const again = await openTestLog('/', { ...open, fileSystem, recovery: { isClean: false, recoveryPoint: 20 } })
    expect(await again.offsetForTimestamp(nowMs, 20), `seed ${seed}`).toMatchObject({ offset: 0 })
    await again.close()
  }
})

it('the aborted transactions of a log that was cut and closed survive', async () => {
  const disk = await CrashDisk.withFolder('/logs')
  const directory = await openDirectory(disk)
  const log = await openLog(directory)
  const producer = { producerId: 7, epoch: 0, sequence: 0, bumpsEpoch: false, nowMs }
  const verification = log.producers.verifications.begin(producer)
  const batch = batchOf(['taken back'], { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: true })
  log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client', verification })
  const end = { producerId: 7, producerEpoch: 0, isCommit: false, coordinatorEpoch: 0, transactionVersion: 1 }
  await log.appendEndTransaction(end, 0).written
  await append(log, batchOf(['cut off']))
  await log.flush()
  await log.truncateTo(2)
  await directory.close()

  const again = await openDirectory(disk.afterCrash('everything', new Random(0)))
  expect(again.get('orders', 0)?.findAborted(0, [batchOf(['taken back'])])).toMatchObject([{ producerId: 7 }])
  await again.close()
})

it('a deleted segment that cannot be removed takes the log directory offline', async () => {
  const disk = await CrashDisk.withFolder('/logs')
  const directory = await openDirectory(disk)
  const log = await openLog(directory)
  await append(log, batchOf(['old']))
  await log.roll()
  await log.advanceLogStartOffset(1)
  expect(await log.deleteOldSegments(nowMs, 1)).toBe(1)
  disk.onStep = (step) => {
    if (step.includes('remove')) throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'unlink' })
  }
  await expect(log.deleteOldSegments(nowMs, 1)).rejects.toThrow('offline')
  expect(directory.isOffline).toBe(true)
})
