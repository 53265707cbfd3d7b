import { type Scheduler, systemClock } from './clock.ts'
import type { FileSystem } from './log/file-system.ts'
import { NodeFileSystem } from './log/node-file-system.ts'
import { type Network, nodeNetwork } from './network/network.ts'

/** All that a broker touches outside itself. A simulation gives it another one. */
export interface World {
  readonly clock: Scheduler
  readonly fileSystem: FileSystem
  readonly network: Network
  /** One partition or connection is in trouble and answers so; the broker goes on, and whoever runs it can see why. */
  report(error: unknown): void
}

export function openWorld(): World {
  return {
    clock: systemClock,
    fileSystem: new NodeFileSystem(),
    network: nodeNetwork,
    report: (error) => console.error(error),
  }
}
