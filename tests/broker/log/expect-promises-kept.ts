import { expect } from 'vitest'
import type { PartitionLog } from '../../../broker/log/partition-log.ts'
import { buildBatch } from '../../../broker/record/build-batch.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'
import { RecordReader } from '../../../broker/record/record-reader.ts'
import type { CrashDisk } from '../../support/crash-disk.ts'
import { ExpectedLog, type WrittenBatch } from './expected-log.ts'
import { openDirectory, openLog, type Promised } from './log-workload.ts'
import { nowMs } from './open-test-log.ts'

/**
 * Opens what a crash left and compares it with what was promised: a prefix of what was written, no shorter than
 * `keptOffset`, with producers, transactions, epochs and times as that prefix says; that it can go on from there; and that
 * what it then writes is found again.
 */
export async function expectPromisesKept(disk: CrashDisk, promised: Promised, keptOffset: number): Promise<void> {
  const directory = await openDirectory(disk)
  expect([...directory.failures.values()]).toEqual([])
  const log = await openLog(directory)
  const isRestarted = promised.isRestarting && log.logStartOffset === log.logEndOffset
  const batches = isRestarted ? [] : promised.batches.filter((batch) => batch.nextOffset <= log.logEndOffset)
  if (!isRestarted) expectPrefix(log, batches, promised, keptOffset)
  await expectContent(log, batches, promised)
  await log.appendAsLeader(lastBatch(), { leaderEpoch: 1_000, origin: 'client' }).written
  const endOffset = log.logEndOffset
  await directory.close()

  const again = await openDirectory(disk)
  const reopened = await openLog(again)
  expect([reopened.logEndOffset, (await readAll(reopened)).at(-1)?.leaderEpoch]).toEqual([endOffset, 1_000])
  await again.close()
}

function expectPrefix(log: PartitionLog, batches: readonly WrittenBatch[], promised: Promised, keptOffset: number) {
  expect(log.logEndOffset).toBeGreaterThanOrEqual(keptOffset)
  expect(log.logStartOffset).toBeLessThanOrEqual(Math.max(promised.logStartOffset, 0))
  // It ends where a batch does.
  const ends = [0, promised.batches[0]?.baseOffset, batches.at(-1)?.nextOffset, promised.logStartOffset]
  expect(ends).toContain(log.logEndOffset)
}

async function expectContent(log: PartitionLog, batches: readonly WrittenBatch[], promised: Promised): Promise<void> {
  const { logStartOffset, logEndOffset } = log
  const visible = batches.filter((batch) => batch.nextOffset > logStartOffset)
  expect(await readAll(log)).toEqual(
    visible.map(({ baseOffset, nextOffset, leaderEpoch, producerId, producerEpoch, marker, bytes }) => ({
      baseOffset,
      nextOffset,
      leaderEpoch,
      producerId,
      producerEpoch,
      records: marker === undefined ? bytes.subarray(61).toString('hex') : 'marker',
    })),
  )
  const expected = new ExpectedLog(batches)
  log.noteHighWatermark(logEndOffset)
  expect(log.lastStableOffset(logEndOffset)).toBe(Math.max(expected.firstOpenOffset(logEndOffset), logStartOffset))
  expectProducers(log, expected)
  expectAborted(log, expected)
  // Records that were deleted may be back, as in Apache Kafka; their epochs are not.
  expectEpochs(
    log,
    visible.filter((batch) => batch.baseOffset >= promised.logStartOffset),
  )
  await expectTimes(log, visible)
}

/** Whoever wrote nothing that is still there may be forgotten, and where a transaction began in what is deleted. */
function expectProducers(log: PartitionLog, expected: ExpectedLog): void {
  const { logStartOffset } = log
  const known = new Map(log.producers.list().map((producer) => [producer.producerId, producer]))
  for (const [producerId, producer] of expected.producers) {
    const found = known.get(producerId)
    if (found === undefined && producer.lastBaseOffset < logStartOffset) continue
    expect([found?.epoch, found?.batches.at(-1)?.lastSequence ?? -1]).toEqual([producer.epoch, producer.lastSequence])
    const { transactionFirstOffset } = producer
    if (transactionFirstOffset >= 0 && transactionFirstOffset < logStartOffset) continue
    expect(found?.currentTransactionFirstOffset).toBe(transactionFirstOffset)
  }
  for (const producerId of known.keys()) expect(expected.producers.has(producerId)).toBe(true)
}

/** Of a transaction that began in records which are deleted the beginning may be forgotten. */
function expectAborted(log: PartitionLog, expected: ExpectedLog): void {
  const { logStartOffset } = log
  const found = log.findAborted(logStartOffset, [endAt(log.logEndOffset)])
  const earlier = expected.aborted.filter(({ firstOffset }) => firstOffset < logStartOffset)
  const isEarlier = (marker: number) => earlier.some(({ lastOffset }) => lastOffset === marker)
  expect(
    found
      .filter(({ lastOffset }) => !isEarlier(lastOffset))
      .map(({ producerId, firstOffset, lastOffset }) => ({ producerId, firstOffset, lastOffset })),
  ).toEqual(expected.aborted.filter(({ lastOffset }) => !isEarlier(lastOffset)))
}

/** A batch that ends a read at `offset`. */
function endAt(offset: number): Buffer {
  const records = [{ key: null, value: null }]
  return buildBatch({ records, timestampMs: nowMs, baseOffset: offset - 1 })
}

function expectEpochs(log: PartitionLog, visible: readonly WrittenBatch[]): void {
  for (const { baseOffset, leaderEpoch } of visible) expect(log.leaderEpochs.epochAt(baseOffset)).toBe(leaderEpoch)
  const last = visible.at(-1)
  if (last !== undefined) expect(log.leaderEpochs.latest).toBe(last.leaderEpoch)
}

async function expectTimes(log: PartitionLog, visible: readonly WrittenBatch[]): Promise<void> {
  for (const { timestampMs } of visible.filter((_, i) => i % 3 === 0)) {
    const first = visible.find((batch) => batch.timestampMs >= timestampMs)
    const found = await log.offsetForTimestamp(timestampMs, log.logEndOffset)
    expect(found?.offset).toBe(Math.max(first?.baseOffset ?? -1, log.logStartOffset))
  }
}

async function readAll(log: PartitionLog) {
  const found = []
  for (let offset = log.logStartOffset; offset < log.logEndOffset; ) {
    const buffers = await log.read({ offset, maxBytes: 700, upToOffset: log.logEndOffset, atLeastOneBatch: true })
    expect(buffers.length).toBeGreaterThan(0)
    for (const batch of batchesIn(Buffer.concat(buffers))) {
      expect(batch.hasValidChecksum()).toBe(true)
      const { baseOffset, nextOffset, partitionLeaderEpoch: leaderEpoch, producerId, producerEpoch } = batch
      const records = batch.isControl ? 'marker' : batch.payload.toString('hex')
      if (records === 'marker') expect(new RecordReader(batch).next()).toBe(true)
      found.push({ baseOffset, nextOffset, leaderEpoch, producerId, producerEpoch, records })
      offset = nextOffset
    }
  }
  return found
}

function lastBatch(): Buffer {
  return buildBatch({ records: [{ key: Buffer.from('k'), value: Buffer.from('after') }], timestampMs: nowMs })
}
