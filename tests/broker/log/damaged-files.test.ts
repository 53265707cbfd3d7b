import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LeaderEpochs } from '../../../broker/log/leader-epochs.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { readOffsetCheckpoint } from '../../../broker/log/offset-checkpoint.ts'
import type { PartitionLog } from '../../../broker/log/partition-log.ts'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { append, batchOf, makeTemporaryDirectory, openTestLog, readAll } from './open-test-log.ts'

const config = { indexIntervalBytes: 200 }
const values = Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(100, '.'))
const records = values.map((value, offset) => `${offset}:${value}`)

/** A log that was closed in good order, then changed by `damage`, opened without anything of it in memory. */
async function reopen(damage: (folder: string) => Promise<void>): Promise<PartitionLog> {
  const directory = await makeTemporaryDirectory()
  const log = await openTestLog(directory, { config })
  for (const value of values) await append(log, batchOf([value]))
  await log.close()
  await damage(join(directory, 'orders-0'))
  return openTestLog(directory, { config, tail: new TailCache({ bytesMax: 0 }) })
}

async function change(folder: string, suffix: string, by: (bytes: Buffer) => void): Promise<void> {
  const name = (await readdir(folder)).find((candidate) => candidate.endsWith(suffix)) ?? ''
  const bytes = await readFile(join(folder, name))
  by(bytes)
  await writeFile(join(folder, name), bytes)
}

test.each([
  ['an entry that leads into a batch', 4],
  ['the entry from which the end is looked for', -4],
])('an index is not believed that has %s', async (_, at) => {
  const log = await reopen((folder) =>
    change(folder, '.index', (bytes) => {
      const position = at < 0 ? bytes.length + at : at
      bytes.writeInt32BE(bytes.readInt32BE(position) + 7, position)
    }),
  )
  expect(log.logEndOffset).toBe(20)
  for (let offset = 0; offset < 20; offset++) expect(await readAll(log, offset, 1)).toEqual(records.slice(offset))
  await log.truncateTo(11)
  expect(await readAll(log)).toEqual(records.slice(0, 11))
  await log.close()
})

test.each([0x7fffffff, 5_000, 10, 0, -20])(
  'a batch that claims %i bytes is told to whoever reads it',
  async (length) => {
    const log = await reopen((folder) => change(folder, '.log', (bytes) => bytes.writeInt32BE(length, 8)))
    const read = { offset: 0, maxBytes: 100, upToOffset: 20, atLeastOneBatch: true }
    await expect(log.read(read)).rejects.toMatchObject({ code: errorCodes.CORRUPT_MESSAGE })
    await log.close()
  },
)

test('checkpoints that hold anything but offsets are as good as missing', async () => {
  const path = join(await makeTemporaryDirectory(), 'checkpoint')
  const fileSystem = new NodeFileSystem()
  for (const entry of ['orders 0 none', 'orders 0 -5', 'orders zero 5', 'orders 0 99999999999999999999', 'orders 0']) {
    await writeFile(path, `0\n1\n${entry}\n`)
    expect(await readOffsetCheckpoint(fileSystem, path)).toEqual(new Map())
  }
  for (const entries of ['1 none', '-1 0', '3 10\n2 20', '2 20\n3 10']) {
    await writeFile(path, `0\n${entries.split('\n').length}\n${entries}\n`)
    expect(await LeaderEpochs.load(fileSystem, path)).toBeUndefined()
  }
})
