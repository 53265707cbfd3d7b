import { Random } from '../simulation/random.ts'
import type { CrashDisk } from './crash-disk.ts'
import type { Loss } from './crash-disk-nodes.ts'

export interface Crash {
  readonly name: string
  /** As it is found after the crash. */
  readonly disk: CrashDisk
  readonly loss: Loss
}

/**
 * From now on calls `note` with what a crash before each step of the disk would leave, and with what the death of the
 * process in the midst of a write would.
 */
export function crashAtEachStep(disk: CrashDisk, note: (crash: Crash) => void): void {
  let count = 0
  const crash = (step: string, losses: readonly Loss[]) => {
    for (const loss of losses) {
      count++
      note({ name: `step ${step}, losing ${loss} (${count})`, disk: disk.afterCrash(loss, new Random(count)), loss })
    }
  }
  disk.onStep = (step, write) => {
    crash(step, ['nothing', 'everything', 'some', 'some'])
    if (write === undefined || write.sizeBytes < 2) return
    for (const part of [1, Math.floor(write.sizeBytes / 2), write.sizeBytes - 1]) {
      write.tear(part, () => crash(`${step} after ${part} of ${write.sizeBytes} bytes`, ['nothing']))
    }
  }
}
