import { type Clock, systemClock } from '../../../../broker/clock.ts'
import { type CleanerSettings, LogCleaner } from '../../../../broker/log/cleaner/log-cleaner.ts'
import type { PartitionLog } from '../../../../broker/log/partition-log.ts'
import { buildBatch, type NewBatch } from '../../../../broker/record/build-batch.ts'
import { decodeRecords } from '../../../../broker/record/decode-records.ts'
import { batchesIn } from '../../../../broker/record/record-batch.ts'
import { nowMs } from '../open-test-log.ts'

export const cleanerSettings: CleanerSettings = {
  logCleanerEnable: true,
  logCleanerThreads: 1,
  logCleanerBackoffMs: 15_000,
  logCleanerDedupeBufferSize: 1024 * 1024,
  logCleanerIoBufferLoadFactor: 0.9,
  logCleanerIoBufferSize: 512 * 1024,
  logCleanerIoMaxBytesPerSecond: Number.MAX_VALUE,
}

export interface CleanOptions {
  clock: Clock
  settings?: Partial<CleanerSettings>
  lastStableOffset?: number
  /** Called before each change of the log's files. */
  beforeChange?: () => Promise<void>
}

/** Cleans what asks for it, once. @throws what the cleaner reports. */
export async function cleanTestLog(log: PartitionLog, options: CleanOptions): Promise<boolean> {
  const failures: unknown[] = []
  const partition = {
    topic: 'orders',
    index: 0,
    log,
    lastStableOffset: options.lastStableOffset ?? log.logEndOffset,
    exclusively: async <T>(change: () => Promise<T>) => {
      await options.beforeChange?.()
      return change()
    },
  }
  const cleaner = new LogCleaner({
    partitions: () => [partition],
    settings: () => ({ ...cleanerSettings, ...options.settings }),
    clock: { ...systemClock, nowMs: () => options.clock.nowMs() },
    onCleaned: async () => undefined,
    onFailure: (error) => failures.push(error),
  })
  const count = await cleaner.cleanDirtiest()
  await cleaner.close()
  if (failures.length > 0) throw failures[0]
  return count > 0
}

/** `key=value` writes, `key=` deletes. */
export function keyedBatch(entries: readonly string[], batch: Partial<NewBatch> = {}): Buffer {
  const records = entries.map((entry) => {
    const [key = '', value = ''] = entry.split('=')
    return { key: Buffer.from(key), value: value === '' ? null : Buffer.from(value) }
  })
  return buildBatch({ records, timestampMs: nowMs, ...batch })
}

export interface ReadRecord {
  offset: number
  key: string | undefined
  value: string | undefined
  timestampMs: number
}

export async function readRecords(log: PartitionLog, fromOffset = log.logStartOffset): Promise<ReadRecord[]> {
  const found: ReadRecord[] = []
  for (const batch of batchesIn(await readBytes(log, fromOffset))) {
    for (const { offset, key, value, timestampMs } of decodeRecords(batch)) {
      if (offset >= fromOffset) found.push({ offset, key: key?.toString(), value: value?.toString(), timestampMs })
    }
  }
  return found
}

export async function readBytes(log: PartitionLog, fromOffset = log.logStartOffset): Promise<Buffer> {
  const buffers: Buffer[] = []
  let next = fromOffset
  while (next < log.logEndOffset) {
    const read = { offset: next, maxBytes: 1024 * 1024, upToOffset: log.logEndOffset, atLeastOneBatch: true }
    const bytes = Buffer.concat(await log.read(read))
    for (const batch of batchesIn(bytes)) next = batch.nextOffset
    if (bytes.length === 0) throw new Error(`Nothing readable at ${next} of ${log.logEndOffset}`)
    buffers.push(bytes)
  }
  return Buffer.concat(buffers)
}

export async function readAsText(log: PartitionLog, fromOffset?: number): Promise<string[]> {
  const records = await readRecords(log, fromOffset)
  return records.map(({ offset, key, value }) => `${offset}:${key}=${value ?? ''}`)
}

/** The latest of each key that was committed, as `offset:value`; deleted keys are left out. */
export async function latestCommitted(
  log: PartitionLog,
  fromOffset = log.logStartOffset,
): Promise<Map<string, string>> {
  const bytes = await readBytes(log, fromOffset)
  const aborted = log.findAborted(fromOffset, [bytes])
  const latest = new Map<string, string>()
  for (const batch of batchesIn(bytes)) {
    if (batch.isControl) continue
    const { producerId, isTransactional } = batch
    for (const { offset, key, value } of decodeRecords(batch)) {
      const isAborted =
        isTransactional &&
        aborted.some((one) => one.producerId === producerId && one.firstOffset <= offset && offset < one.lastOffset)
      if (offset < fromOffset || isAborted || key === null) continue
      if (value === null) latest.delete(key.toString())
      else latest.set(key.toString(), `${offset}:${value.toString()}`)
    }
  }
  return latest
}
