import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../broker/clock.ts'
import { openMetadataLog } from '../../../broker/controller/metadata-log.ts'
import { MetadataSnapshots } from '../../../broker/controller/metadata-snapshots.ts'
import type { FileSystem } from '../../../broker/log/file-system.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { type Crash, crashAtEachStep } from '../../support/crash-at-each-step.ts'
import { CrashDisk } from '../../support/crash-disk.ts'
import { makeTemporaryDirectory } from '../log/open-test-log.ts'
import { newTopics } from './cluster-model.ts'
import { type OpenController, openController, properties } from './open-controller.ts'
import { startBroker } from './started-broker.ts'

const oftenProperties = new Map([...properties, ['metadata.log.max.record.bytes.between.snapshots', '1500']])

/** As controller-seat.ts opens it. */
async function open(directory: string, options: { nodeId?: number; fileSystem?: FileSystem } = {}) {
  const { nodeId = 1, fileSystem = new NodeFileSystem() } = options
  const failures: Error[] = []
  const { log, snapshots } = await openMetadataLog({ directory, fileSystem, clock: systemClock })
  const opened = await openController(directory, {
    ...{ log, snapshots, nodeId, properties: oftenProperties },
    onFailure: (error) => failures.push(error),
  })
  return { ...opened, snapshots, failures }
}

async function createTopics({ controller }: OpenController, names: readonly string[]): Promise<string[]> {
  const created: string[] = []
  for (const name of names) {
    const answer = await controller.createTopics(newTopics([{ name, numPartitions: 3 }])).catch(() => undefined)
    if (answer?.topics[0]?.errorCode === 0) created.push(name)
  }
  return created
}

/** What a controller that takes over knows of these topics. */
async function known({ controller }: OpenController, names: readonly string[]): Promise<string[]> {
  const { topics } = await controller.createTopics({
    ...newTopics(names.map((name) => ({ name }))),
    validateOnly: true,
  })
  return topics.filter(({ errorCode }) => errorCode === 36).map(({ name }) => name)
}

const names = Array.from({ length: 40 }, (_, i) => `topic-${i}`)

describe('snapshots of the metadata', () => {
  it('take the place of the log that is in them', async () => {
    const directory = await makeTemporaryDirectory()
    const first = await open(directory)
    await startBroker(first.controller, 1)
    expect(await createTopics(first, names)).toEqual(names)
    await first.close()
    const latest = await first.snapshots.findLatest()
    expect(latest?.endOffset).toBeGreaterThan(100)
    expect((await readdir(directory)).filter((name) => name.endsWith('.checkpoint'))).toHaveLength(1)

    const second = await open(directory, { nodeId: 2 })
    expect(second.log.logStartOffset).toBe(latest?.endOffset)
    expect(second.controller.leaderEpoch).toBe(2)
    expect(await known(second, names)).toEqual(names)
    expect(await createTopics(second, ['after'])).toEqual([])
    await startBroker(second.controller, 3)
    expect(await createTopics(second, ['after'])).toEqual(['after'])
    expect(second.failures).toEqual([])
    await second.close()
  })

  it('a crash at any step loses nothing that was answered', { timeout: 300_000 }, async () => {
    const fileSystem = await CrashDisk.withFolder('/metadata')
    const created: string[] = []
    const crashes: (Crash & { created: readonly string[] })[] = []
    crashAtEachStep(fileSystem, (crash) => crashes.push({ ...crash, created: [...created] }))
    const first = await open('/metadata', { fileSystem })
    await startBroker(first.controller, 1)
    for (const name of names) created.push(...(await createTopics(first, [name])))
    await first.close()
    expect(created).toEqual(names)

    // Each of them would take a minute or two.
    for (const { name, disk, created } of crashes.filter((_, i) => i % 5 === 0)) {
      const second = await open('/metadata', { nodeId: 2, fileSystem: disk })
      expect(await known(second, names), name).toEqual(expect.arrayContaining([...created]))
      expect(second.failures).toEqual([])
      await second.close()
    }
  })

  it('are not found any more by whoever reads one while a newer one takes its place', async () => {
    const directory = await makeTemporaryDirectory()
    class Replacing extends NodeFileSystem {
      override async sizeOf(path: string): Promise<number | undefined> {
        const size = await super.sizeOf(path)
        await super.remove(path)
        return size
      }
    }
    const snapshots = new MetadataSnapshots({ directory, fileSystem: new Replacing() })
    await snapshots.save({ endOffset: 3, epoch: 1 }, Buffer.from('snapshot'))
    expect(await snapshots.readPart({ endOffset: 3, epoch: 1 }, 0, 100)).toBeUndefined()
    expect(await readdir(directory)).toEqual([])
  })
})
