import { type Clock, systemClock } from '../../../broker/clock.ts'
import { Controller, type ControllerOptions } from '../../../broker/controller/controller.ts'
import { MetadataSnapshots } from '../../../broker/controller/metadata-snapshots.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import type { PartitionLog } from '../../../broker/log/partition-log.ts'
import { openTestLog } from '../log/open-test-log.ts'
import { clusterId } from './cluster-model.ts'

export const properties = new Map([
  ['min.insync.replicas', '2'],
  ['broker.disconnect.grace.ms', '100'],
])

export interface OpenController {
  readonly controller: Controller
  readonly log: PartitionLog
  close(): Promise<void>
}

/** A controller on the metadata log in a folder, as a process that has won the controller port opens it. */
export async function openController(
  directory: string,
  options: Partial<ControllerOptions> & { clock?: Clock } = {},
): Promise<OpenController> {
  const log = options.log ?? (await openTestLog(directory, { clock: systemClock }))
  const controller = await Controller.takeOver({
    log,
    snapshots: new MetadataSnapshots({ directory, fileSystem: new NodeFileSystem() }),
    nodeId: 1,
    clusterId,
    clock: systemClock,
    properties,
    endpoint: { host: '127.0.0.1', port: 9091 },
    onFailure: (error) => {
      throw error
    },
    ...options,
  })
  return {
    controller,
    log,
    async close() {
      await controller.close()
      await log.close()
    },
  }
}
