import { describe, expect, it } from 'vitest'
import { replayMetadataLog } from '../../../broker/controller/metadata-replay.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import type { PartitionLog } from '../../../broker/log/partition-log.ts'
import { MetadataImage } from '../../../broker/metadata/image.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { FaultyFileSystem } from '../../support/faulty-file-system.ts'
import { makeTemporaryDirectory, openTestLog } from '../log/open-test-log.ts'
import { clusterId, newTopics } from './cluster-model.ts'
import { openController } from './open-controller.ts'
import { beat, startBroker } from './started-broker.ts'

async function imageOf(log: PartitionLog): Promise<MetadataImage> {
  const image = new MetadataImage(clusterId)
  await replayMetadataLog(log, image)
  return image
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('Waited 5 s in vain')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('a controller', () => {
  it('opens a higher epoch than any before it and goes on from what is in the log', async () => {
    const directory = await makeTemporaryDirectory()
    const first = await openController(directory)
    await startBroker(first.controller, 1)
    await first.controller.createTopics(newTopics([{ name: 't', numPartitions: 3 }]))
    await first.close()
    const second = await openController(directory, { nodeId: 2 })
    expect([first.controller.leaderEpoch, second.controller.leaderEpoch]).toEqual([1, 2])
    const [again] = (await second.controller.createTopics(newTopics([{ name: 't' }]))).topics
    expect(again?.errorCode).toBe(errorCodes.TOPIC_ALREADY_EXISTS)
    await second.close()
  })

  it('answers when the records are on disk, and shares one fsync between requests that come together', async () => {
    const directory = await makeTemporaryDirectory()
    const { controller, log, close } = await openController(directory)
    await startBroker(controller, 1)
    const names = Array.from({ length: 50 }, (_, i) => `t${i}`)
    const answers = await Promise.all(names.map((name) => controller.createTopics(newTopics([{ name }]))))
    expect(answers.every(({ topics }) => topics[0]?.errorCode === 0)).toBe(true)
    expect(log.recoveryPoint).toBe(log.nextOffset)
    expect([...(await imageOf(log)).topics.keys()]).toEqual(names)
    await close()
  })

  it('elects unclean leaders as soon as they are allowed, for one topic or for all', async () => {
    const { controller, log, close } = await openController(await makeTemporaryDirectory())
    for (const id of [1, 2]) await startBroker(controller, id)
    const assignments = [{ partitionIndex: 0, brokerIds: [1, 2] }]
    const names = ['one', 'two']
    await controller.createTopics(newTopics(names.map((name) => ({ name, assignments }))))
    const leaders = async () => {
      const { topics } = await imageOf(log)
      return names.map((name) => topics.get(name)?.partitions[0]?.leader)
    }
    for (const id of [2, 1]) controller.connectionClosed(`c${id}`)
    await until(async () => (await leaders()).every((leader) => leader === -1))
    // It did not shut down cleanly: only broker 1 is known to have everything.
    await startBroker(controller, 2, 'c2-again', 99)
    expect(await leaders()).toEqual([-1, -1])
    const allow = (resourceType: number, resourceName: string, value = 'true') => {
      const configs = [{ name: 'unclean.leader.election.enable', configOperation: 0, value }]
      return controller.incrementalAlterConfigs({
        resources: [{ resourceType, resourceName, configs }],
        validateOnly: false,
      })
    }
    await allow(2, 'one')
    expect(await leaders()).toEqual([2, -1])
    await allow(4, '', ' TRUE ')
    expect(await leaders()).toEqual([2, 2])
    await close()
  })

  it('fences a broker whose connection closed and did not come back within the grace', async () => {
    const { controller, log, close } = await openController(await makeTemporaryDirectory())
    const epochs = [await startBroker(controller, 1), await startBroker(controller, 2)]
    const isFenced = async (id: number) => (await imageOf(log)).brokers.get(id)?.isFenced
    controller.connectionClosed('c1')
    controller.connectionClosed('c2')
    await beat(controller, 2, epochs[1] ?? -1, 'c2-again')
    await until(async () => (await isFenced(1)) === true)
    expect(await isFenced(2)).toBe(false)
    await close()
  })

  it('fences who does not find it after it took over', async () => {
    const directory = await makeTemporaryDirectory()
    const first = await openController(directory, { nodeId: 3 })
    const epoch = await startBroker(first.controller, 1)
    await startBroker(first.controller, 2)
    await first.close()
    const second = await openController(directory, { nodeId: 3 })
    await beat(second.controller, 1, epoch)
    await until(async () => (await imageOf(second.log)).brokers.get(2)?.isFenced === true)
    expect((await imageOf(second.log)).brokers.get(1)?.isFenced).toBe(false)
    await second.close()
  })

  it('fences the broker of the last controller at once: its process is gone', async () => {
    const directory = await makeTemporaryDirectory()
    const first = await openController(directory, { nodeId: 1 })
    await startBroker(first.controller, 1)
    await startBroker(first.controller, 2)
    await first.close()
    const second = await openController(directory, { nodeId: 2 })
    const { brokers } = await imageOf(second.log)
    expect([1, 2].map((id) => brokers.get(id)?.isFenced)).toEqual([true, false])
    await second.close()
  })

  it('gives each broker producer ids of its own', async () => {
    const { controller, close } = await openController(await makeTemporaryDirectory())
    const brokerEpoch = await startBroker(controller, 1)
    const blocks = [
      await controller.allocateProducerIds({ brokerId: 1, brokerEpoch }),
      await controller.allocateProducerIds({ brokerId: 1, brokerEpoch }),
    ]
    expect(blocks.map(({ producerIdStart, producerIdLen }) => [producerIdStart, producerIdLen])).toEqual([
      [0, 1_000],
      [1_000, 1_000],
    ])
    await expect(controller.allocateProducerIds({ brokerId: 1, brokerEpoch: 99 })).rejects.toMatchObject({
      code: errorCodes.STALE_BROKER_EPOCH,
    })
    await close()
  })

  it('refuses what comes after it was closed', async () => {
    const { controller, close } = await openController(await makeTemporaryDirectory())
    await close()
    await expect(controller.createTopics(newTopics([{ name: 't' }]))).rejects.toMatchObject({
      code: errorCodes.NOT_CONTROLLER,
    })
  })

  it('gives up, and answers nobody, when the disk fails', async () => {
    const directory = await makeTemporaryDirectory()
    const fileSystem = new FaultyFileSystem(new NodeFileSystem())
    const log = await openTestLog(directory, { fileSystem })
    const failures: Error[] = []
    const { controller } = await openController(directory, { log, onFailure: (error) => failures.push(error) })
    await startBroker(controller, 1)
    fileSystem.failWrite(1, 'fail')
    await expect(controller.createTopics(newTopics([{ name: 't' }]))).rejects.toThrow(
      'The metadata log cannot be written',
    )
    expect(failures).toHaveLength(1)
    await controller.close()
  })
})
