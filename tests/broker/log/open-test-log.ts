import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../../broker/clock.ts'
import type { FileSystem } from '../../../broker/log/file-system.ts'
import type { LogRecovery } from '../../../broker/log/load-log.ts'
import { defaultLogConfig, type LogConfig } from '../../../broker/log/log-config.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { PartitionLog } from '../../../broker/log/partition-log.ts'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { buildBatch, type NewBatch } from '../../../broker/record/build-batch.ts'
import { decodeRecords } from '../../../broker/record/decode-records.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'

export const nowMs = 1_750_000_000_000

export class FixedClock implements Clock {
  timeMs = nowMs

  nowMs(): number {
    return this.timeMs
  }

  monotonicMs(): number {
    return this.timeMs
  }
}

export interface TestLogOptions {
  config?: Partial<LogConfig>
  fileSystem?: FileSystem
  clock?: Clock
  tail?: TailCache
  recovery?: Partial<LogRecovery>
}

/** A folder that is removed when the test is over. */
export async function makeTemporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'eyrie-log-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

export function openTestLog(directory: string, options: TestLogOptions = {}): Promise<PartitionLog> {
  return PartitionLog.open({
    directory: join(directory, 'orders-0'),
    config: { ...defaultLogConfig, ...options.config },
    fileSystem: options.fileSystem ?? new NodeFileSystem(),
    clock: options.clock ?? new FixedClock(),
    tail: options.tail ?? new TailCache(),
    recovery: { isClean: true, recoveryPoint: 0, logStartOffset: 0, ...options.recovery },
    topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
  })
}

/** A batch as a client sends it, one record for each value. */
export function batchOf(values: readonly string[], batch: Partial<NewBatch> = {}): Buffer {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value) }))
  return buildBatch({ records, timestampMs: nowMs, ...batch })
}

/** Everything readable from `offset` on, as `offset:value`. */
export async function readAll(
  log: PartitionLog,
  offset = log.logStartOffset,
  maxBytes = 1024 * 1024,
): Promise<string[]> {
  const found: string[] = []
  let next = offset
  while (next < log.logEndOffset) {
    const buffers = await log.read({ offset: next, maxBytes, upToOffset: log.logEndOffset, atLeastOneBatch: true })
    const before = next
    for (const batch of batchesIn(Buffer.concat(buffers))) {
      for (const record of decodeRecords(batch)) {
        if (record.offset >= next) found.push(`${record.offset}:${record.value?.toString()}`)
      }
      next = batch.nextOffset
    }
    if (next === before) throw new Error(`Nothing readable at ${next} of ${log.logEndOffset}`)
  }
  return found
}

export async function append(log: PartitionLog, batch: Buffer, leaderEpoch = 0): Promise<number> {
  const { baseOffset, written } = log.appendAsLeader(batch, { leaderEpoch, origin: 'client' })
  await written
  return baseOffset
}
