import { describe, expect, it } from 'vitest'
import { decodeProducerSnapshot, encodeProducerSnapshot } from '../../../broker/log/producer-snapshot.ts'
import { ProducerStates } from '../../../broker/log/producer-states.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { buildBatch } from '../../../broker/record/build-batch.ts'
import { buildEndTransactionBatch } from '../../../broker/record/control-records.ts'
import { RecordBatch } from '../../../broker/record/record-batch.ts'
import { makeTemporaryDirectory, nowMs, openTestLog, readAll } from './open-test-log.ts'

const leader = { leaderEpoch: 0, origin: 'client' } as const

function batchFrom(producerId: number, producerEpoch: number, baseSequence: number, count = 1): Buffer {
  const records = Array.from({ length: count }, (_, i) => ({ key: null, value: Buffer.from(`s${baseSequence + i}`) }))
  return buildBatch({ records, timestampMs: nowMs, producerId, producerEpoch, baseSequence })
}

const outOfOrder = expect.objectContaining({ code: errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER })
const fenced = expect.objectContaining({ code: errorCodes.INVALID_PRODUCER_EPOCH })

describe('an idempotent producer', () => {
  it('gets the offsets of the first time when it sends a batch again, even before that one is written', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    const first = log.appendAsLeader(batchFrom(1, 0, 0, 3), leader)
    const again = log.appendAsLeader(batchFrom(1, 0, 0, 3), leader)
    expect(again).toMatchObject({ baseOffset: 0, lastOffset: 2, isDuplicate: true })
    expect([first.isDuplicate, log.nextOffset, log.logEndOffset]).toEqual([false, 3, 0])
    await again.written
    expect(log.logEndOffset).toBe(3)
    await log.close()
  })

  it('may send any of its last five batches again, but not an older one', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    for (let sequence = 0; sequence < 6; sequence++) log.appendAsLeader(batchFrom(1, 0, sequence), leader)
    for (let sequence = 1; sequence < 6; sequence++) {
      expect(log.appendAsLeader(batchFrom(1, 0, sequence), leader)).toMatchObject({
        baseOffset: sequence,
        isDuplicate: true,
      })
    }
    expect(() => log.appendAsLeader(batchFrom(1, 0, 0), leader)).toThrow(outOfOrder)
    expect(log.nextOffset).toBe(6)
    await log.close()
  })

  it('may not leave out a sequence, nor begin a new epoch in the middle, nor use an old one', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    log.appendAsLeader(batchFrom(1, 3, 0, 2), leader)
    expect(() => log.appendAsLeader(batchFrom(1, 3, 3), leader)).toThrow(outOfOrder)
    expect(() => log.appendAsLeader(batchFrom(1, 4, 2), leader)).toThrow(outOfOrder)
    expect(() => log.appendAsLeader(batchFrom(1, 2, 2), leader)).toThrow(fenced)
    expect(log.appendAsLeader(batchFrom(1, 4, 0), leader).baseOffset).toBe(2)
    await log.close()
  })

  it('continues at 0 after the largest sequence', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    log.appendAsLeader(batchFrom(1, 0, 2 ** 31 - 2, 3), leader)
    expect(log.appendAsLeader(batchFrom(1, 0, 2 ** 31 - 2, 3), leader).isDuplicate).toBe(true)
    expect(log.appendAsLeader(batchFrom(1, 0, 1), leader)).toMatchObject({ baseOffset: 3, isDuplicate: false })
    await log.close()
  })

  it('may begin anywhere when it is not known', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    expect(log.appendAsLeader(batchFrom(8, 2, 70), leader).baseOffset).toBe(0)
    await log.close()
  })

  it.each([true, false])('may send any of its last five batches again after a restart (clean: %s)', async (isClean) => {
    const directory = await makeTemporaryDirectory()
    const config = { segmentBytes: 300 }
    const log = await openTestLog(directory, { config })
    for (let sequence = 0; sequence < 20; sequence++)
      await log.appendAsLeader(batchFrom(5, 0, sequence), leader).written
    if (isClean) await log.close()
    const again = await openTestLog(directory, { config, recovery: { isClean } })
    for (let sequence = 15; sequence < 20; sequence++) {
      const repeated = again.appendAsLeader(batchFrom(5, 0, sequence), leader)
      expect(repeated).toMatchObject({ baseOffset: sequence, isDuplicate: true })
    }
    expect(() => again.appendAsLeader(batchFrom(5, 0, 21), leader)).toThrow(outOfOrder)
    expect(again.appendAsLeader(batchFrom(5, 0, 20), leader)).toMatchObject({ baseOffset: 20, isDuplicate: false })
    await again.close()
  })

  it('is known to a follower, which may become the leader', async () => {
    const source = await openTestLog(await makeTemporaryDirectory())
    for (let sequence = 0; sequence < 3; sequence++)
      await source.appendAsLeader(batchFrom(5, 0, sequence), leader).written
    const bytes = await source.read({ offset: 0, maxBytes: 10_000, upToOffset: 3, atLeastOneBatch: true })
    const follower = await openTestLog(await makeTemporaryDirectory())
    await follower.appendAsFollower(Buffer.concat(bytes))
    expect(follower.appendAsLeader(batchFrom(5, 0, 2), leader)).toMatchObject({ baseOffset: 2, isDuplicate: true })
    expect(await readAll(follower)).toEqual(['0:s0', '1:s1', '2:s2'])
    await Promise.all([source.close(), follower.close()])
  })

  it('is what the log says after a truncation', async () => {
    const log = await openTestLog(await makeTemporaryDirectory())
    for (let sequence = 0; sequence < 5; sequence++) await log.appendAsLeader(batchFrom(5, 0, sequence), leader).written
    await log.truncateTo(3)
    expect(() => log.appendAsLeader(batchFrom(5, 0, 4), leader)).toThrow(outOfOrder)
    expect(log.appendAsLeader(batchFrom(5, 0, 3), leader).baseOffset).toBe(3)
    await log.close()
  })

  it('is not taken from a snapshot of what was truncated since', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory)
    for (let sequence = 0; sequence < 5; sequence++) await log.appendAsLeader(batchFrom(5, 0, sequence), leader).written
    await log.close()
    const second = await openTestLog(directory)
    await second.truncateTo(2)
    for (let sequence = 0; sequence < 3; sequence++) {
      await second.appendAsLeader(batchFrom(6, 0, sequence), leader).written
    }
    await second.close()
    const third = await openTestLog(directory)
    expect(third.appendAsLeader(batchFrom(6, 0, 2), leader)).toMatchObject({ baseOffset: 4, isDuplicate: true })
    expect(third.appendAsLeader(batchFrom(5, 0, 2), leader)).toMatchObject({ baseOffset: 5, isDuplicate: false })
    await third.close()
  })

  it('is forgotten after a day of silence', async () => {
    const log = await openTestLog(await makeTemporaryDirectory(), { config: { retentionMs: -1 } })
    await log.appendAsLeader(batchFrom(5, 0, 0), leader).written
    await log.deleteOldSegments(nowMs + 86_399_999, 1)
    expect(log.producers.size).toBe(1)
    await log.deleteOldSegments(nowMs + 86_400_000, 1)
    expect(log.producers.size).toBe(0)
    await log.close()
  })
})

describe('transactions', () => {
  it('begin with the first transactional batch and end with their marker', () => {
    const producers = new ProducerStates()
    const records = [{ key: null, value: null }]
    const data = { records, timestampMs: nowMs, producerId: 3, producerEpoch: 1, isTransactional: true }
    producers.update(new RecordBatch(buildBatch({ ...data, baseOffset: 10, baseSequence: 0 })))
    producers.update(new RecordBatch(buildBatch({ ...data, baseOffset: 11, baseSequence: 1 })))
    expect(producers.list()[0]).toMatchObject({ currentTransactionFirstOffset: 10, coordinatorEpoch: -1 })
    const marker = { producerId: 3, producerEpoch: 1, isCommit: false, coordinatorEpoch: 6, timestampMs: nowMs }
    producers.update(new RecordBatch(buildEndTransactionBatch(marker)))
    expect(producers.list()[0]).toMatchObject({ currentTransactionFirstOffset: -1, coordinatorEpoch: 6 })
  })
})

describe('the snapshot', () => {
  const producer = {
    producerId: 4711,
    epoch: 2,
    batches: [{ firstSequence: 2 ** 31 - 2, lastSequence: 1, baseOffset: 7, lastOffset: 10, timestampMs: nowMs }],
    lastTimestampMs: nowMs,
    coordinatorEpoch: -1,
    currentTransactionFirstOffset: 7,
  }

  it('gives each producer back with its batches', () => {
    const earlier = { firstSequence: 5, lastSequence: 6, baseOffset: 1, lastOffset: 2, timestampMs: nowMs - 1 }
    const another = { ...producer, producerId: 4712, batches: [earlier, ...producer.batches] }
    const silent = { ...producer, producerId: 4713, batches: [] }
    const producers = [producer, another, silent]
    expect(decodeProducerSnapshot(encodeProducerSnapshot(producers))).toEqual(producers)
    expect(decodeProducerSnapshot(encodeProducerSnapshot([]))).toEqual([])
  })

  it('ends with the last batch of each producer, which is all that Apache Kafka takes from it', () => {
    const [last] = producer.batches
    const earlier = { firstSequence: 0, lastSequence: 0, baseOffset: 1, lastOffset: 1, timestampMs: nowMs }
    const both = encodeProducerSnapshot([{ ...producer, batches: [earlier, ...(last === undefined ? [] : [last])] }])
    const only = encodeProducerSnapshot([producer])
    expect(both.subarray(-46)).toEqual(only.subarray(-46))
  })

  it('is refused when damaged', () => {
    const bytes = encodeProducerSnapshot([producer])
    bytes[20] = 99
    expect(decodeProducerSnapshot(bytes)).toBeUndefined()
    expect(decodeProducerSnapshot(bytes.subarray(0, 8))).toBeUndefined()
  })
})
