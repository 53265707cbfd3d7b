import type { Clock } from '../clock.ts'
import type { FileSystem } from './file-system.ts'
import type { LogRecovery } from './load-log.ts'
import type { LogConfig } from './log-config.ts'
import type { TailCache } from './tail-cache.ts'

export interface PartitionLogOptions {
  directory: string
  config: LogConfig
  fileSystem: FileSystem
  clock: Clock
  tail: TailCache
  recovery: LogRecovery
  /** Hears what took the log offline. */
  onFailure?: (cause: unknown) => void
  /** Of a new log; one that is there knows its own. */
  topicId?: string
  /** Writes the recovery points of all logs to disk. Without it the log must be read whole after a crash. */
  checkpoint?: () => Promise<void>
}
