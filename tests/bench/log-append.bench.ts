import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bench, describe } from 'vitest'
import { systemClock } from '../../broker/clock.ts'
import { defaultLogConfig } from '../../broker/log/log-config.ts'
import { NodeFileSystem } from '../../broker/log/node-file-system.ts'
import { PartitionLog } from '../../broker/log/partition-log.ts'
import { TailCache } from '../../broker/log/tail-cache.ts'
import { buildBatch } from '../../broker/record/build-batch.ts'

/** Awaited together: what a busy connection has in flight, and well below what the tail cache holds. */
const bytesPerRound = 1024 * 1024
const directory = mkdtempSync(join(tmpdir(), 'eyrie-bench-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))

async function openLog(name: string, tailBytes: number): Promise<PartitionLog> {
  const log = await PartitionLog.open({
    directory: join(directory, `${name}-0`),
    config: { ...defaultLogConfig, segmentBytes: 256 * 1024 * 1024, retentionBytes: 256 * 1024 * 1024 },
    fileSystem: new NodeFileSystem(),
    clock: systemClock,
    tail: new TailCache({ bytesMax: tailBytes }),
    recovery: { isClean: true, recoveryPoint: 0, logStartOffset: 0 },
  })
  return log
}

function batchOf(bytes: number, timestampMs: number): Buffer {
  return buildBatch({ records: [{ key: null, value: Buffer.alloc(bytes, 'x') }], timestampMs })
}

/** MB/s are rounds per second. Each batch is checked, patched, kept and written. `TMPDIR=/dev/shm` leaves the disk out. */
describe('leader append', () => {
  for (const [name, bytes] of [
    ['1 KB', 1024],
    ['16 KB', 16 * 1024],
    ['256 KB', 256 * 1024],
  ] as const) {
    const appends = bytesPerRound / bytes
    const opened = openLog(name.replace(' ', ''), 8 * 1024 * 1024)
    // Its base offset is patched by each append and must be 0 before the next.
    const template = batchOf(bytes, Date.now())
    const batches = Array.from({ length: appends }, () => Buffer.from(template))
    bench(
      `${appends} x ${name}`,
      async () => {
        const log = await opened
        let written = Promise.resolve()
        for (const batch of batches) {
          batch.fill(0, 0, 8)
          written = log.appendAsLeader(batch, { leaderEpoch: 1, origin: 'client' }).written
        }
        await written
        await log.deleteOldSegments(Date.now() + 600_000, log.logEndOffset)
      },
      { time: 3000, warmupTime: 500 },
    )
  }
})
