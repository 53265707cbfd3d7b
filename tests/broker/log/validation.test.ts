import { describe, expect, it } from 'vitest'
import type { LogConfig } from '../../../broker/log/log-config.ts'
import { RecordValidationError } from '../../../broker/log/record-validation-error.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { buildBatch, type NewRecord } from '../../../broker/record/build-batch.ts'
import { type Compression, compress } from '../../../broker/record/compress.ts'
import { codecs } from '../../../broker/record/compression.ts'
import { batchesIn, RecordBatch } from '../../../broker/record/record-batch.ts'
import { rewriteBatch } from '../../../broker/record/rewrite-batch.ts'
import { append, batchOf, makeTemporaryDirectory, nowMs, openTestLog, readAll } from './open-test-log.ts'

const hourMs = 3_600_000

function batchWith(records: readonly Partial<NewRecord>[], timestampMs = nowMs): Buffer {
  return buildBatch({
    records: records.map((record) => ({ key: null, value: Buffer.from('v'), ...record })),
    timestampMs,
  })
}

function inCodec(bytes: Buffer, compression: Compression): Buffer {
  const batch = new RecordBatch(bytes)
  const { recordCount, baseTimestampMs, maxTimestampMs } = batch
  const payload = compress(batch.payload, compression)
  const facts = { codec: compression.codec, recordCount, baseTimestampMs, maxTimestampMs, hasDeleteHorizon: false }
  return rewriteBatch(batch, { payload, ...facts })
}

async function refusalOf(config: Partial<LogConfig>, bytes: Buffer): Promise<unknown> {
  const log = await openTestLog(await makeTemporaryDirectory(), { config })
  try {
    log.appendAsLeader(bytes, { leaderEpoch: 0, origin: 'client' })
    return undefined
  } catch (error) {
    return error
  } finally {
    await log.close()
  }
}

describe('records that are refused are named', () => {
  const key = Buffer.from('k')

  it('in such a number that not each can be named', async () => {
    const batch = batchWith(Array.from({ length: 12_000 }, () => ({})))
    const error = await refusalOf({ isCompacted: true }, inCodec(batch, { codec: codecs.gzip }))
    expect(error instanceof RecordValidationError ? error.recordErrors.length : error).toBe(10_000)
  })

  it('without a key on a compacted topic', async () => {
    const error = await refusalOf({ isCompacted: true }, batchWith([{ key }, {}, { key }, {}]))
    expect(error).toBeInstanceOf(RecordValidationError)
    const message = 'Compacted topic cannot accept message without key in topic partition orders-0'
    expect(error).toMatchObject({
      code: errorCodes.INVALID_RECORD,
      message: `One or more records have been rejected due to 2 record errors in total, and only showing the first three errors at most: [RecordError(batchIndex=1, message='${message}'), RecordError(batchIndex=3, message='${message}')]`,
      recordErrors: [
        { batchIndex: 1, message },
        { batchIndex: 3, message },
      ],
    })
  })

  it.each<[string, Partial<LogConfig>, number, number | undefined]>([
    ['an hour ahead', {}, nowMs + hourMs, undefined],
    ['more than an hour ahead', {}, nowMs + hourMs + 1, 1],
    ['far behind', {}, 0, undefined],
    ['as far behind as the topic allows', { timestampBeforeMaxMs: 1000 }, nowMs - 1000, undefined],
    ['further behind than the topic allows', { timestampBeforeMaxMs: 1000 }, nowMs - 1001, 1],
    ['without a time', { timestampBeforeMaxMs: 1000 }, -1, undefined],
    ['anything when the broker sets the time', { timestampType: 'LogAppendTime' }, nowMs + 2 * hourMs, undefined],
  ])('by their time: %s', async (_, config, timestampMs, refused) => {
    const error = await refusalOf(config, batchWith([{}, { timestampMs }, {}], timestampMs < 0 ? -1 : nowMs))
    if (refused === undefined) return expect(error).toBeUndefined()
    expect(error).toMatchObject({
      code: errorCodes.INVALID_TIMESTAMP,
      message: 'One or more records have been rejected due to invalid timestamp',
      recordErrors: [{ batchIndex: refused, message: expect.stringContaining(`Timestamp ${timestampMs} of message`) }],
    })
  })
})

describe('compression.type', () => {
  const values = Array.from({ length: 50 }, (_, i) => `value-${i}-`.padEnd(300, 'x'))
  const all = [codecs.none, codecs.gzip, codecs.snappy, codecs.lz4, codecs.zstd]

  it.each(all.flatMap((sent) => all.map((stored) => [sent, stored] as const)))(
    'stores codec %i as codec %i',
    async (sent, stored) => {
      const log = await openTestLog(await makeTemporaryDirectory(), { config: { compression: { codec: stored } } })
      const bytes = inCodec(batchOf(values), { codec: sent })
      const original = Buffer.from(bytes)
      await append(log, bytes)
      const read = Buffer.concat(await log.read({ offset: 0, maxBytes: 1e6, upToOffset: 50, atLeastOneBatch: true }))
      for (const batch of batchesIn(read)) {
        expect([batch.codec, batch.hasValidChecksum(), batch.recordCount]).toEqual([stored, true, 50])
        if (sent === stored) expect(batch.payload.equals(new RecordBatch(original).payload)).toBe(true)
      }
      expect(await readAll(log)).toEqual(values.map((value, i) => `${i}:${value}`))
      await log.close()
    },
  )

  it('takes the level of gzip and zstd into account', async () => {
    const text = Buffer.from(Array.from({ length: 3000 }, (_, i) => `${i * 7919} is ${i % 13}`).join(','))
    const sizes = ([codec, level]: readonly [number, number]) => compress(text, { codec, level }).length
    expect(sizes([codecs.gzip, 9])).toBeLessThan(sizes([codecs.gzip, 1]))
    expect(sizes([codecs.zstd, 19])).toBeLessThan(sizes([codecs.zstd, -5]))
  })

  it('refuses a batch that is too large once it is stored as the topic asks', async () => {
    const config = { compression: { codec: codecs.none }, maxMessageBytes: 5000 }
    const error = await refusalOf(config, inCodec(batchOf(values), { codec: codecs.gzip }))
    expect(error).toMatchObject({ code: errorCodes.MESSAGE_TOO_LARGE })
  })

  it('refuses a bomb with an error and little memory', async () => {
    const bomb = new RecordBatch(batchOf(['x']))
    const facts = { recordCount: 1, baseTimestampMs: nowMs, maxTimestampMs: nowMs, hasDeleteHorizon: false }
    const payload = compress(Buffer.alloc(200 * 1024 * 1024), { codec: codecs.gzip })
    const bytes = rewriteBatch(bomb, { payload, codec: codecs.gzip, ...facts })
    expect(bytes.length).toBeLessThan(1024 * 1024)
    const error = await refusalOf({ compression: { codec: codecs.zstd } }, bytes)
    expect(error).toMatchObject({ code: errorCodes.INVALID_RECORD })
  })
})
