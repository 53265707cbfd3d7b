import { expect, it } from 'vitest'
import { Random } from '../../simulation/random.ts'
import { type Crash, crashAtEachStep } from '../../support/crash-at-each-step.ts'
import { CrashDisk, DiskError } from '../../support/crash-disk.ts'
import { expectPromisesKept } from './expect-promises-kept.ts'
import { LogWorkload, type Promised } from './log-workload.ts'

/** More of both with the environment's CRASH_SEEDS and CRASH_ACTIONS. */
const actions = Number(process.env.CRASH_ACTIONS ?? 16)
const seeds = Array.from({ length: Number(process.env.CRASH_SEEDS ?? 3) }, (_, i) => i + 1)
const timeoutMs = 600_000

interface LogCrash extends Crash {
  readonly promised: Promised
}

async function crashesOf(seed: number): Promise<LogCrash[]> {
  const crashes: LogCrash[] = []
  const disk = await CrashDisk.withFolder('/logs')
  const workload = new LogWorkload(disk, new Random(seed))
  crashAtEachStep(disk, (crash) => crashes.push({ ...crash, promised: workload.promised }))
  await workload.run(actions)
  return crashes
}

const keptOffset = ({ promised, loss }: Pick<LogCrash, 'promised' | 'loss'>) =>
  loss === 'nothing' ? promised.acknowledgedOffset : promised.syncedOffset

it.each(seeds)(
  'a crash at any step leaves a prefix that holds all that was promised (seed %i)',
  async (seed) => {
    for (const crash of await crashesOf(seed)) {
      try {
        await expectPromisesKept(crash.disk, crash.promised, keptOffset(crash))
      } catch (error) {
        throw new Error(`seed ${seed}, ${crash.name}`, { cause: error })
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
      const workload = new LogWorkload(disk, new Random(7))
      const failed: string[] = []
      disk.onStep = (step, write) => {
        // A full disk stays full.
        const fails = code === 'EIO' ? disk.steps === failing : disk.steps >= failing && write !== undefined
        if (!fails) return
        failed.push(step)
        throw new DiskError(code)
      }
      await workload.run(actions).catch(() => undefined)
      expect(workload.isOffline, failed.join()).not.toBe(false)
      const { promised } = workload
      await workload.close().catch(() => undefined)
      disk.onStep = () => undefined
      for (const loss of ['nothing', 'everything'] as const) {
        const left = disk.afterCrash(loss, new Random(failing))
        try {
          await expectPromisesKept(left, promised, keptOffset({ promised, loss }))
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
  await new LogWorkload(disk, new Random(seed)).run(actions)
  expect(disk.steps).toBeGreaterThan(100)
  return disk.steps
}
