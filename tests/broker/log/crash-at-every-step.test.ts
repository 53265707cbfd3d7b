import { expect, it } from 'vitest'
import { CrashDisk, DiskError, type Loss } from '../../support/crash-disk.ts'
import { SeededRandom } from '../../support/seeded-random.ts'
import { expectPromisesKept } from './expect-promises-kept.ts'
import { LogWorkload, type Promised } from './log-workload.ts'

/** More of both with the environment's CRASH_SEEDS and CRASH_ACTIONS. */
const actions = Number(process.env.CRASH_ACTIONS ?? 16)
const seeds = Array.from({ length: Number(process.env.CRASH_SEEDS ?? 3) }, (_, i) => i + 1)
const timeoutMs = 600_000

interface Crash {
  readonly name: string
  readonly disk: CrashDisk
  readonly promised: Promised
  readonly loss: Loss
}

/** Runs the workload once and copies the disk as a crash before each step, or in the midst of its write, would leave it. */
async function crashesOf(seed: number): Promise<Crash[]> {
  const crashes: Crash[] = []
  const disk = await CrashDisk.withFolder('/logs')
  const workload = new LogWorkload(disk, new SeededRandom(seed))
  const copy = (step: string, losses: readonly Loss[]) => {
    const { promised } = workload
    for (const loss of losses) {
      const name = `seed ${seed}, step ${step}, losing ${loss} (${crashes.length})`
      crashes.push({ name, disk: disk.afterCrash(loss, new SeededRandom(crashes.length)), promised, loss })
    }
  }
  disk.onStep = (step, write) => {
    copy(step, ['nothing', 'everything', 'some', 'some'])
    if (write === undefined || write.sizeBytes < 2) return
    for (const part of [1, Math.floor(write.sizeBytes / 2), write.sizeBytes - 1]) {
      write.tear(part, () => copy(`${step} after ${part} of ${write.sizeBytes} bytes`, ['nothing']))
    }
  }
  await workload.run(actions)
  return crashes
}

const keptOffset = ({ promised, loss }: Crash) =>
  loss === 'nothing' ? promised.acknowledgedOffset : promised.syncedOffset

it.each(seeds)(
  'a crash at any step leaves a prefix that holds all that was promised (seed %i)',
  async (seed) => {
    for (const crash of await crashesOf(seed)) {
      try {
        await expectPromisesKept(crash.disk, crash.promised, keptOffset(crash))
      } catch (error) {
        throw new Error(crash.name, { cause: error })
      }
    }
  },
  timeoutMs,
)

it.each(['EIO', 'ENOSPC'])(
  'a step that fails takes nothing back that was promised (%s)',
  async (code) => {
    const steps = await countSteps(7)
    for (let failing = 1; failing <= steps; failing++) {
      const disk = await CrashDisk.withFolder('/logs')
      const workload = new LogWorkload(disk, new SeededRandom(7))
      const failed: string[] = []
      disk.onStep = (step, write) => {
        // A full disk stays full.
        const fails = code === 'EIO' ? disk.steps === failing : disk.steps >= failing && write !== undefined
        if (!fails) return
        failed.push(step)
        throw new DiskError(code)
      }
      await workload.run(actions).catch(() => undefined)
      const { promised } = workload
      await workload.close().catch(() => undefined)
      disk.onStep = () => undefined
      for (const loss of ['nothing', 'everything'] as const) {
        const left = disk.afterCrash(loss, new SeededRandom(failing))
        try {
          await expectPromisesKept(left, promised, keptOffset({ name: '', disk, promised, loss }))
        } catch (error) {
          throw new Error(`steps ${failed.join()} fail, then losing ${loss}`, { cause: error })
        }
      }
    }
  },
  timeoutMs,
)

async function countSteps(seed: number): Promise<number> {
  const disk = await CrashDisk.withFolder('/logs')
  await new LogWorkload(disk, new SeededRandom(seed)).run(actions)
  expect(disk.steps).toBeGreaterThan(100)
  return disk.steps
}
