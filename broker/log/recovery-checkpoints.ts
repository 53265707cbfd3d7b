import { join } from 'node:path'
import type { FileSystem } from './file-system.ts'
import type { LogRecovery } from './load-log.ts'
import { checkpointNames, readOffsetCheckpoint } from './offset-checkpoint.ts'

/** What a log directory tells of its logs when it is opened, by the names of their folders. */
export interface RecoveryCheckpoints {
  readonly isClean: boolean
  readonly points: ReadonlyMap<string, number>
  readonly logStarts: ReadonlyMap<string, number>
  readonly cleaned: ReadonlyMap<string, number>
}

/** `isClean` when the broker shut down in good order. */
export async function readRecoveryCheckpoints(
  fileSystem: FileSystem,
  directory: string,
  { isClean }: { isClean: boolean },
): Promise<RecoveryCheckpoints> {
  return {
    isClean,
    points: await readOffsetCheckpoint(fileSystem, join(directory, checkpointNames.recoveryPoint)),
    logStarts: await readOffsetCheckpoint(fileSystem, join(directory, checkpointNames.logStartOffset)),
    cleaned: await readOffsetCheckpoint(fileSystem, join(directory, checkpointNames.cleanedOffset)),
  }
}

/** What a new log begins with. */
export const newLogRecovery: LogRecovery = {
  isClean: true,
  recoveryPoint: 0,
  logStartOffset: 0,
  cleanedOffset: undefined,
}

/** How to open the log of a folder that is there. */
export function recoveryOf(checkpoints: RecoveryCheckpoints, name: string): LogRecovery {
  return {
    isClean: checkpoints.isClean,
    recoveryPoint: checkpoints.points.get(name) ?? 0,
    logStartOffset: checkpoints.logStarts.get(name) ?? 0,
    cleanedOffset: checkpoints.cleaned.get(name),
  }
}
