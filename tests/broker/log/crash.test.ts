import { appendFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { FaultyFileSystem, type WriteFault } from '../../support/faulty-file-system.ts'
import { append, batchOf, makeTemporaryDirectory, openTestLog, readAll } from './open-test-log.ts'

const unclean = { recovery: { isClean: false } }
const small = { segmentBytes: 1000, indexIntervalBytes: 200 }
const value = (i: number) => `${i}`.padEnd(100, '.')

async function segmentFiles(directory: string, suffix = '.log'): Promise<string[]> {
  const folder = join(directory, 'orders-0')
  const names = (await readdir(folder)).filter((name) => name.endsWith(suffix))
  return names.sort().map((name) => join(folder, name))
}

describe('a write that goes wrong', () => {
  it.each<WriteFault>(['fail', 'tear'])('takes the partition offline and leaves no hole (%s)', async (fault) => {
    const directory = await makeTemporaryDirectory()
    const fileSystem = new FaultyFileSystem(new NodeFileSystem())
    const log = await openTestLog(directory, { fileSystem })
    await append(log, batchOf(['a']))
    fileSystem.failWrite(1, fault)
    const storageError = expect.objectContaining({ code: errorCodes.KAFKA_STORAGE_ERROR })
    const torn = log.appendAsLeader(batchOf(['b']), { leaderEpoch: 0, origin: 'client' })
    const behind = log.appendAsLeader(batchOf(['c']), { leaderEpoch: 0, origin: 'client' })
    await expect(torn.written).rejects.toEqual(storageError)
    await expect(behind.written).rejects.toEqual(storageError)
    fileSystem.heal()
    expect([log.isOffline, log.logEndOffset]).toEqual([true, 1])
    expect(() => log.appendAsLeader(batchOf(['d']), { leaderEpoch: 0, origin: 'client' })).toThrow(storageError)
    expect(() => log.read({ offset: 0, maxBytes: 1, upToOffset: 1, atLeastOneBatch: true })).toThrow(storageError)
    await log.close()

    const again = await openTestLog(directory, unclean)
    // The half that a torn write leaves behind may hold whole batches: not acknowledged, but not wrong.
    const kept = await readAll(again)
    expect(kept).toEqual(['0:a', '1:b'].slice(0, fault === 'tear' ? 2 : 1))
    expect(await append(again, batchOf(['e']))).toBe(kept.length)
    await again.close()
  })

  it('refuses what is queued behind it in the next segment', async () => {
    const directory = await makeTemporaryDirectory()
    const fileSystem = new FaultyFileSystem(new NodeFileSystem())
    const log = await openTestLog(directory, { fileSystem, config: small })
    fileSystem.failWrite(1, 'tear')
    const results = Array.from({ length: 20 }, (_, i) => {
      return log.appendAsLeader(batchOf([value(i)]), { leaderEpoch: 0, origin: 'client' }).written
    })
    for (const settled of await Promise.allSettled(results)) expect(settled.status).toBe('rejected')
    await log.close()
    fileSystem.heal()
    const again = await openTestLog(directory, { ...unclean, config: small })
    const kept = await readAll(again)
    expect(kept).toEqual(kept.map((_, i) => `${i}:${value(i)}`))
    expect(await append(again, batchOf(['next']))).toBe(kept.length)
    await again.close()
  })
})

describe('a disk that cannot be read', () => {
  it('is told to whoever reads from the file, and forgotten when it works again', async () => {
    const fileSystem = new FaultyFileSystem(new NodeFileSystem())
    const log = await openTestLog(await makeTemporaryDirectory(), { fileSystem, tail: new TailCache({ bytesMax: 0 }) })
    await append(log, batchOf(['a']))
    fileSystem.failReads('.log')
    const storageError = expect.objectContaining({ code: errorCodes.KAFKA_STORAGE_ERROR })
    const read = { offset: 0, maxBytes: 1000, upToOffset: 1, atLeastOneBatch: true }
    await expect(log.read(read)).rejects.toEqual(storageError)
    await expect(log.offsetForTimestamp(0, 1)).rejects.toEqual(storageError)
    await expect(log.offsetOfMaxTimestamp()).rejects.toEqual(storageError)
    fileSystem.heal()
    expect(await readAll(log)).toEqual(['0:a'])
    await log.close()
  })
})

describe('opening after a crash', () => {
  it('cuts off a torn batch and goes on behind the last whole one', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory)
    for (const text of ['a', 'b', 'c']) await append(log, batchOf([text]))
    const [file = ''] = await segmentFiles(directory)
    await truncate(file, (await readFile(file)).length - 3)

    const again = await openTestLog(directory, unclean)
    expect(await readAll(again)).toEqual(['0:a', '1:b'])
    expect(await append(again, batchOf(['d']))).toBe(2)
    await again.close()
    expect(await readAll(await openTestLog(directory))).toEqual(['0:a', '1:b', '2:d'])
  })

  it('cuts at the first wrong checksum and deletes the segments behind it', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory, { config: small })
    for (let i = 0; i < 30; i++) await append(log, batchOf([value(i)]))
    const files = await segmentFiles(directory)
    expect(files.length).toBeGreaterThan(3)
    const bytes = await readFile(files[1] ?? '')
    bytes[bytes.length - 10] = 0
    await writeFile(files[1] ?? '', bytes)

    const again = await openTestLog(directory, { ...unclean, config: small })
    const kept = await readAll(again)
    expect(kept).toEqual(kept.map((_, i) => `${i}:${value(i)}`))
    expect(kept.length).toBeGreaterThan(5)
    expect(await segmentFiles(directory)).toHaveLength(2)
    await again.close()
  })

  it('trusts what lies before the recovery point', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory, { config: small })
    for (let i = 0; i < 30; i++) await append(log, batchOf([value(i)]))
    await log.flush()
    const recoveryPoint = log.recoveryPoint
    expect(recoveryPoint).toBe(30)
    const [first = ''] = await segmentFiles(directory)
    const bytes = await readFile(first)
    bytes[bytes.length - 10] = 0
    await writeFile(first, bytes)
    const again = await openTestLog(directory, { config: small, recovery: { isClean: false, recoveryPoint } })
    expect(again.logEndOffset).toBe(30)
    await again.close()
  })

  it('rebuilds missing and damaged indexes', async () => {
    const directory = await makeTemporaryDirectory()
    const config = { segmentBytes: 10_000, indexIntervalBytes: 300 }
    const log = await openTestLog(directory, { config })
    for (let i = 0; i < 200; i++) await append(log, batchOf([value(i)]))
    await log.close()
    const [first = '', second = ''] = await segmentFiles(directory, '.index')
    const intact = await readFile(second)
    await writeFile(first, '')
    await appendFile(first, 'torn')
    await writeFile(second, Buffer.alloc(intact.length, 0xff))
    const again = await openTestLog(directory, { config, tail: new TailCache({ bytesMax: 0 }) })
    for (let offset = 0; offset < 200; offset += 13) {
      expect((await readAll(again, offset))[0]).toBe(`${offset}:${value(offset)}`)
    }
    expect(await readFile(second)).toEqual(intact)
    await again.close()
  })

  it('notices a torn tail even when the shutdown claims to have been clean', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory)
    await append(log, batchOf(['a']))
    await log.close()
    const [file = ''] = await segmentFiles(directory)
    await appendFile(file, batchOf(['b']).subarray(0, 50))
    const again = await openTestLog(directory)
    expect(await readAll(again)).toEqual(['0:a'])
    expect(await append(again, batchOf(['c']))).toBe(1)
    await again.close()
  })

  it('rebuilds the leader epochs from the batches', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory)
    for (const epoch of [1, 1, 4, 6]) await append(log, batchOf(['x']), epoch)
    await writeFile(join(directory, 'orders-0', 'leader-epoch-checkpoint'), 'damaged')
    const again = await openTestLog(directory, unclean)
    expect(again.leaderEpochs.latest).toBe(6)
    expect(again.leaderEpochs.endOffsetFor(1, 4)).toEqual({ epoch: 1, endOffset: 2 })
    expect(again.leaderEpochs.endOffsetFor(5, 4)).toEqual({ epoch: 4, endOffset: 3 })
    await again.close()
  })

  it('removes what an interrupted deletion left', async () => {
    const directory = await makeTemporaryDirectory()
    const log = await openTestLog(directory)
    await append(log, batchOf(['a']))
    await log.close()
    const leftover = join(directory, 'orders-0', '00000000000000000000.log.deleted')
    await writeFile(leftover, 'old')
    const again = await openTestLog(directory)
    expect(await segmentFiles(directory, '.deleted')).toEqual([])
    await again.close()
  })
})
