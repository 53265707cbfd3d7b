import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultLogConfig } from '../../../broker/log/log-config.ts'
import { LogDirectory } from '../../../broker/log/log-directory.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { append, batchOf, FixedClock, makeTemporaryDirectory, readAll } from './open-test-log.ts'

const firstId = 'AAAAAAAAAAAAAAAAAAAAAQ'
const secondId = 'AAAAAAAAAAAAAAAAAAAAAg'

function open(path: string, nodeId = 1): Promise<LogDirectory> {
  return LogDirectory.open({
    path,
    clusterId: 'cluster',
    nodeId,
    fileSystem: new NodeFileSystem({ openFilesMax: 10 }),
    clock: new FixedClock(),
    tail: new TailCache(),
    defaultConfig: defaultLogConfig,
  })
}

describe('a log directory', () => {
  it('finds its partitions, checkpoints and the broker epoch again', async () => {
    const path = await makeTemporaryDirectory()
    const directory = await open(path)
    expect(directory.previousBrokerEpoch).toBe(-1)
    for (let partition = 0; partition < 30; partition++) {
      const log = await directory.openOrCreate('a-topic', partition, firstId, defaultLogConfig)
      await append(log, batchOf([`p${partition}`, 'x']))
    }
    await directory.get('a-topic', 3)?.advanceLogStartOffset(1)
    await directory.checkpointHighWatermarks([{ topic: 'a-topic', partition: 3, offset: 2 }])
    await directory.close({ brokerEpoch: 44 })

    const again = await open(path)
    expect([again.previousBrokerEpoch, again.directoryId]).toEqual([44, directory.directoryId])
    expect([...again.entries()]).toHaveLength(30)
    const log = again.get('a-topic', 3)
    expect([log?.topicId, log?.logStartOffset, log?.logEndOffset]).toEqual([firstId, 1, 2])
    expect([again.highWatermark('a-topic', 3), again.highWatermark('a-topic', 4)]).toEqual([2, 0])
    const usage = await again.usage()
    expect(usage.totalBytes).toBeGreaterThan(usage.usableBytes)
    await again.close()
  })

  it('writes checkpoints as Kafka does', async () => {
    const path = await makeTemporaryDirectory()
    const directory = await open(path)
    await append(await directory.openOrCreate('t', 0, firstId, defaultLogConfig), batchOf(['a']))
    await directory.close({ brokerEpoch: 7 })
    expect(await readFile(join(path, 'recovery-point-offset-checkpoint'), 'utf8')).toBe('0\n1\nt 0 1\n')
    expect(await readFile(join(path, 't-0', 'leader-epoch-checkpoint'), 'utf8')).toBe('0\n1\n0 0\n')
    expect(await readFile(join(path, 't-0', 'partition.metadata'), 'utf8')).toBe(`version: 0\ntopic_id: ${firstId}`)
    expect(await readFile(join(path, '.kafka_cleanshutdown'), 'utf8')).toBe('{"version":0,"brokerEpoch":7}')
    expect(await readFile(join(path, 'meta.properties'), 'utf8')).toContain('node.id=1\n')
  })

  it('knows after a crash that the shutdown was not clean', async () => {
    const path = await makeTemporaryDirectory()
    const directory = await open(path)
    await append(await directory.openOrCreate('t', 0, firstId, defaultLogConfig), batchOf(['a']))
    const again = await open(path)
    expect(again.previousBrokerEpoch).toBe(-1)
    const log = again.get('t', 0)
    expect(log === undefined ? undefined : await readAll(log)).toEqual(['0:a'])
    await again.close()
  })

  it('deletes a partition, and makes room for a new topic of the same name', async () => {
    const path = await makeTemporaryDirectory()
    const directory = await open(path)
    await append(await directory.openOrCreate('t', 0, firstId, defaultLogConfig), batchOf(['old']))
    const created = await directory.openOrCreate('t', 0, secondId, defaultLogConfig)
    expect([created.topicId, created.logEndOffset]).toEqual([secondId, 0])
    await directory.delete('t', 0)
    expect(directory.get('t', 0)).toBeUndefined()
    expect((await readdir(path)).filter((name) => name.startsWith('t-0'))).toEqual([])
    await directory.close()
  })

  it('deletes a partition of a topic whose name is as long as it may be', async () => {
    const path = await makeTemporaryDirectory()
    const directory = await open(path)
    const topic = 'x'.repeat(249)
    await append(await directory.openOrCreate(topic, 0, firstId, defaultLogConfig), batchOf(['old']))
    await directory.delete(topic, 0)
    expect((await readdir(path)).filter((name) => name.startsWith('x'))).toEqual([])
    await directory.close()
  })

  it('finishes a deletion that a crash interrupted', async () => {
    const path = await makeTemporaryDirectory()
    await mkdir(join(path, 't-0.0123456789abcdef0123456789abcdef-delete'))
    const directory = await open(path)
    expect((await readdir(path)).filter((name) => name.startsWith('t-0'))).toEqual([])
    await directory.close()
  })

  it('opens the others when one folder is damaged, and says which', async () => {
    const path = await makeTemporaryDirectory()
    const directory = await open(path)
    await append(await directory.openOrCreate('good', 0, firstId, defaultLogConfig), batchOf(['a']))
    await directory.close()
    await mkdir(join(path, 'bad-0', '00000000000000000000.log'), { recursive: true })
    const again = await open(path)
    expect(again.get('good', 0)?.logEndOffset).toBe(1)
    expect([...again.failures.keys()]).toEqual(['bad-0'])
    await expect(again.openOrCreate('bad', 0, firstId, defaultLogConfig)).rejects.toMatchObject({ code: 56 })
    await again.close()
  })

  it('creates a partition once when asked twice at the same time', async () => {
    const directory = await open(await makeTemporaryDirectory())
    const [first, second] = await Promise.all([
      directory.openOrCreate('t', 0, firstId, defaultLogConfig),
      directory.openOrCreate('t', 0, firstId, defaultLogConfig),
    ])
    expect(first).toBe(second)
    await directory.close()
  })

  it('refuses the folder of another broker, and one that a living process uses', async () => {
    const path = await makeTemporaryDirectory()
    await (await open(path)).close()
    await expect(open(path, 2)).rejects.toThrow('belongs to another broker: its node.id is 1, ours is 2')
    const stat = await readFile(`/proc/${process.ppid}/stat`, 'utf8').catch(() => '')
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown'
    await writeFile(join(path, '.lock'), `${process.ppid} ${start}\n`)
    await expect(open(path)).rejects.toThrow(`is used by process ${process.ppid}`)
    await writeFile(join(path, '.lock'), `${process.ppid} 1\n`)
    if (start !== 'unknown') await (await open(path)).close()
  })
})
