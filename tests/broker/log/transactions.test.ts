import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PartitionLog } from '../../../broker/log/partition-log.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import type { NewBatch } from '../../../broker/record/build-batch.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'
import { batchOf, makeTemporaryDirectory, openTestLog } from './open-test-log.ts'

const errorOf = (name: keyof typeof errorCodes) => expect.objectContaining({ code: errorCodes[name] })

/** A transactional batch of one record, verified as a coordinator would have it. */
function write(log: PartitionLog, producerId: number, sequence: number, batch: Partial<NewBatch> = {}) {
  const { producerEpoch = 0 } = batch
  const verification = log.producers.hasOngoingTransaction(producerId, producerEpoch)
    ? undefined
    : log.producers.verifications.begin({ producerId, epoch: producerEpoch, sequence, bumpsEpoch: false, nowMs: 0 })
  const bytes = batchOf([`${producerId}`], {
    producerId,
    producerEpoch,
    baseSequence: sequence,
    isTransactional: true,
    ...batch,
  })
  return log.appendAsLeader(bytes, { leaderEpoch: 0, origin: 'client', verification })
}

function end(log: PartitionLog, producerId: number, isCommit: boolean, options: { producerEpoch?: number } = {}) {
  const { producerEpoch = 0 } = options
  const marker = { producerId, producerEpoch, isCommit, coordinatorEpoch: 0, transactionVersion: 1 }
  return log.appendEndTransaction(marker, 0)
}

/** What a reader of committed records is told who reads from `offset` to `upToOffset`. */
async function abortedOf(log: PartitionLog, offset: number, upToOffset = log.logEndOffset) {
  const aborted = new Set<string>()
  for (let at = offset; at < upToOffset; ) {
    const read = await log.read({ offset: at, maxBytes: 1_000_000, upToOffset, atLeastOneBatch: true })
    for (const { producerId, firstOffset } of log.findAborted(at, read))
      aborted.add(`${producerId} from ${firstOffset}`)
    for (const batch of batchesIn(Buffer.concat(read))) at = batch.nextOffset
  }
  return [...aborted]
}

describe('the last stable offset', () => {
  it('stands before the oldest open transaction until its marker is replicated', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    write(log, 1, 0)
    write(log, 2, 0)
    await write(log, 1, 1).written
    expect(log.lastStableOffset(3)).toBe(0)
    end(log, 1, true)
    await end(log, 2, false).written
    log.noteHighWatermark(3)
    expect(log.lastStableOffset(3)).toBe(0)
    log.noteHighWatermark(4)
    expect(log.lastStableOffset(4)).toBe(1)
    log.noteHighWatermark(5)
    expect(log.lastStableOffset(5)).toBe(5)
    await log.close()
  })

  it('is not held back by what is not transactional, nor put before the log’s start', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    await log.appendAsLeader(batchOf(['a'], { producerId: 7, producerEpoch: 0, baseSequence: 0 }), {
      leaderEpoch: 0,
      origin: 'client',
    }).written
    expect(log.lastStableOffset(1)).toBe(1)
    write(log, 1, 0)
    await write(log, 1, 1).written
    await log.advanceLogStartOffset(2)
    expect(log.lastStableOffset(3)).toBe(2)
    await log.close()
  })

  it.each([true, false])(
    'and the aborted transactions are known again after a restart (clean: %s)',
    async (isClean) => {
      const directory = await makeTemporaryDirectory()
      const config = { segmentBytes: 300 }
      const log = await openTestLog(directory, { config })
      write(log, 1, 0)
      for (let sequence = 0; sequence < 6; sequence++) write(log, 2, sequence)
      end(log, 2, false)
      write(log, 3, 0)
      await end(log, 3, false).written
      // One that is left alone would still complete the segments that it closed, in the same folder as the next.
      await (isClean ? log.close() : log.flush())
      const again = await openTestLog(directory, { config, recovery: { isClean } })
      expect(again.lastStableOffset(10)).toBe(0)
      expect(await abortedOf(again, 0)).toEqual(['2 from 1', '3 from 8'])
      await end(again, 1, true).written
      again.noteHighWatermark(again.logEndOffset)
      expect(again.lastStableOffset(again.logEndOffset)).toBe(11)
      await again.close()
    },
  )

  it('goes back to what the log says after a truncation, as do the aborted transactions', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory)
    write(log, 1, 0)
    end(log, 1, false)
    write(log, 2, 0)
    await end(log, 2, false).written
    log.noteHighWatermark(4)
    await log.truncateTo(3)
    log.noteHighWatermark(3)
    expect(log.lastStableOffset(3)).toBe(2)
    expect(await abortedOf(log, 0)).toEqual(['1 from 0'])
    await end(log, 2, true).written
    await log.close()
    const again = await openTestLog(directory)
    expect(await abortedOf(again, 0)).toEqual(['1 from 0'])
    await again.close()
  })
})

describe('the transaction index', () => {
  it('tells of transactions that began before the fetch, and leaves out what does not concern it', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    write(log, 1, 0)
    write(log, 1, 1)
    write(log, 2, 0)
    end(log, 1, false)
    end(log, 2, true)
    write(log, 3, 0)
    await end(log, 3, false).written
    expect(await abortedOf(log, 0)).toEqual(['1 from 0', '3 from 5'])
    expect(await abortedOf(log, 2, 5)).toEqual(['1 from 0'])
    expect(await abortedOf(log, 4, 5)).toEqual([])
    await log.close()
  })

  it('has Kafka’s format, a file only where something was aborted, and goes with its segment', async () => {
    const directory = await makeTemporaryDirectory()
    const config = { segmentBytes: 200, retentionBytes: 0, fileDeleteDelayMs: 0 }
    const log = await openTestLog(directory, { config })
    write(log, 0x0102030405, 0)
    end(log, 0x0102030405, false)
    for (let sequence = 0; sequence < 5; sequence++) write(log, 2, sequence)
    await end(log, 2, true).written
    await log.roll()
    await log.flush()
    const folder = join(directory, 'orders-0')
    const indexes = async () => (await readdir(folder)).filter((name) => name.endsWith('.txnindex'))
    expect(await indexes()).toEqual(['00000000000000000000.txnindex'])
    expect((await readFile(join(folder, '00000000000000000000.txnindex'))).toString('hex')).toBe(
      '0000' + '0000000102030405' + '0000000000000000' + '0000000000000001' + '0000000000000002',
    )
    await log.deleteOldSegments(0, log.logEndOffset)
    expect(await indexes()).toEqual([])
    expect(await abortedOf(log, log.logStartOffset)).toEqual([])
    await log.close()
  })

  it('is read from the log again when its file is damaged', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory)
    write(log, 1, 0)
    end(log, 1, false)
    await write(log, 2, 0).written
    await log.close()
    await writeFile(join(directory, 'orders-0', '00000000000000000000.txnindex'), 'damaged')
    const again = await openTestLog(directory)
    expect(await abortedOf(again, 0)).toEqual(['1 from 0'])
    again.noteHighWatermark(3)
    expect(again.lastStableOffset(3)).toBe(2)
    await again.close()
  })
})

describe('a transactional batch', () => {
  it('is refused unless its transaction is in the log or was verified, and a marker ends the verification', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    const transactional = { producerId: 1, producerEpoch: 0, baseSequence: 0, isTransactional: true }
    const append = (verification?: ReturnType<typeof log.producers.verifications.begin>) =>
      log.appendAsLeader(batchOf(['a'], transactional), { leaderEpoch: 0, origin: 'client', verification })
    expect(() => append()).toThrow(errorOf('INVALID_TXN_STATE'))
    const batch = { producerId: 1, epoch: 0, sequence: 0, bumpsEpoch: false, nowMs: 0 }
    const stale = log.producers.verifications.begin(batch)
    await end(log, 1, false).written
    log.producers.verifications.begin(batch)
    expect(() => append(stale)).toThrow(errorOf('INVALID_TXN_STATE'))
    expect(append(log.producers.verifications.begin(batch)).baseOffset).toBe(1)
    expect(write(log, 1, 1).baseOffset).toBe(2)
    await log.close()
  })

  it('stays verified when the marker of the transaction before comes in between, where each has its epoch', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    const verify = (epoch: number) =>
      log.producers.verifications.begin({ producerId: 1, epoch, sequence: 0, bumpsEpoch: true, nowMs: 0 })
    const append = (producerEpoch: number, verification: ReturnType<typeof verify>) => {
      const batch = batchOf(['a'], { producerId: 1, producerEpoch, baseSequence: 0, isTransactional: true })
      return log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client', verification })
    }
    append(0, verify(0))
    const next = verify(1)
    await end(log, 1, true, { producerEpoch: 1 }).written
    expect(append(1, next).baseOffset).toBe(2)
    const stale = verify(2)
    await end(log, 1, false, { producerEpoch: 3 }).written
    expect(() => append(2, stale)).toThrow(errorOf('INVALID_TXN_STATE'))
    await log.close()
  })

  it('of an unknown producer begins with 0 where each transaction has its epoch, and with what came first elsewhere', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    const append = (producerId: number, sequence: number, bumpsEpoch: boolean) => {
      const verification = log.producers.verifications.begin({ producerId, epoch: 0, sequence, bumpsEpoch, nowMs: 0 })
      const batch = batchOf(['a'], { producerId, producerEpoch: 0, baseSequence: sequence, isTransactional: true })
      return log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client', verification })
    }
    expect(() => append(1, 4, true)).toThrow(errorOf('OUT_OF_ORDER_SEQUENCE_NUMBER'))
    expect(append(1, 0, true).baseOffset).toBe(0)
    log.producers.verifications.begin({ producerId: 2, epoch: 0, sequence: 4, bumpsEpoch: false, nowMs: 0 })
    expect(() => append(2, 5, false)).toThrow(errorOf('OUT_OF_ORDER_SEQUENCE_NUMBER'))
    expect(append(2, 4, false).baseOffset).toBe(1)
    await log.close()
  })

  it('stays verified when the marker of the transaction before, which has its epoch, is sent again', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    write(log, 1, 0)
    const marker = { producerId: 1, producerEpoch: 1, isCommit: true, coordinatorEpoch: 0, transactionVersion: 2 }
    log.appendEndTransaction(marker, 0)
    const begun = { producerId: 1, epoch: 1, sequence: 0, bumpsEpoch: true, nowMs: 0 }
    const verification = log.producers.verifications.begin(begun)
    log.appendEndTransaction(marker, 0)
    const next = batchOf(['a'], { producerId: 1, producerEpoch: 1, baseSequence: 0, isTransactional: true })
    expect(log.appendAsLeader(next, { leaderEpoch: 0, origin: 'client', verification }).baseOffset).toBe(3)
    await log.close()
  })

  it('is the only kind its producer may write until the marker', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    write(log, 1, 0)
    expect(() => write(log, 1, 1, { isTransactional: false })).toThrow(errorOf('INVALID_TXN_STATE'))
    end(log, 1, true)
    expect(write(log, 1, 1, { isTransactional: false }).baseOffset).toBe(2)
    await log.close()
  })
})

describe('a marker', () => {
  it('of an older epoch or an older coordinator is refused, an empty transaction’s is not', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    const append = (producerEpoch: number, coordinatorEpoch: number, transactionVersion = 1) =>
      log.appendEndTransaction(
        { producerId: 1, producerEpoch, isCommit: false, coordinatorEpoch, transactionVersion },
        0,
      )
    expect(append(3, 5).baseOffset).toBe(0)
    expect(() => append(2, 5)).toThrow(errorOf('INVALID_PRODUCER_EPOCH'))
    expect(() => append(3, 4)).toThrow(errorOf('TRANSACTION_COORDINATOR_FENCED'))
    expect(await abortedOf(log, 0)).toEqual([])
    write(log, 1, 0, { producerEpoch: 3 })
    expect(() => append(3, 5, 2)).toThrow(errorOf('INVALID_PRODUCER_EPOCH'))
    expect(append(4, 5, 2).baseOffset).toBe(2)
    // Sent again because its answer was lost.
    expect(append(4, 5, 2).baseOffset).toBe(3)
    expect(() => write(log, 1, 1, { producerEpoch: 4 })).toThrow(errorOf('OUT_OF_ORDER_SEQUENCE_NUMBER'))
    expect(write(log, 1, 0, { producerEpoch: 4 }).baseOffset).toBe(4)
    await log.close()
  })
})
