import { memoryUsage } from 'node:process'
import type { FuzzTarget } from './fuzz-target.ts'
import { Random } from './random.ts'
import { Watchdog } from './watchdog.ts'

export interface FuzzRun {
  readonly seed: number
  /** Number of the first input. */
  readonly from: number
  readonly inputs: number
}

export interface FuzzFigures {
  readonly inputs: number
  readonly elapsedMs: number
  readonly inputsOf: ReadonlyMap<string, number>
  /** The slowest input, on a machine that may have been busy with others. */
  readonly slowestMs: number
}

/** For an input of some kilobytes that usually takes microseconds. */
const inputMsMax = 1_000
/** Above what the process had at the start, with garbage that nobody has collected yet. */
const grownBytesMax = 768 * 1024 * 1024
const memoryEvery = 1_000

/** Gives each target its inputs, in an order that follows from the seed. Throws at the first that does harm. */
export function runFuzz(targets: readonly FuzzTarget[], { seed, from, inputs }: FuzzRun): FuzzFigures {
  const turns = targets.flatMap((target) => Array.from({ length: target.weight }, () => target))
  const inputsOf = new Map<string, number>()
  const startedAtMs = performance.now()
  const startedWithBytes = memoryUsage.rss()
  let slowestMs = 0
  using watchdog = new Watchdog(seed)
  for (let input = from; input < from + inputs; input++) {
    const random = new Random(seed, input)
    const target = random.pick(turns)
    watchdog.begin(input)
    const beganAtMs = performance.now()
    try {
      target.run(random)
    } catch (error) {
      throw new Error(told({ seed, input, target }, 'does harm'), { cause: error })
    }
    const tookMs = performance.now() - beganAtMs
    slowestMs = Math.max(slowestMs, tookMs)
    if (tookMs > inputMsMax && isSlowAgain(target, seed, input)) {
      throw new Error(told({ seed, input, target }, `took ${tookMs} ms`))
    }
    inputsOf.set(target.name, (inputsOf.get(target.name) ?? 0) + 1)
    const grownBytes = input % memoryEvery === 0 ? memoryUsage.rss() - startedWithBytes : 0
    if (grownBytes > grownBytesMax) throw new Error(told({ seed, input, target }, `made it ${grownBytes} bytes`))
  }
  return { inputs, elapsedMs: performance.now() - startedAtMs, inputsOf, slowestMs }
}

/** Once may be the machine's fault. */
function isSlowAgain(target: FuzzTarget, seed: number, input: number): boolean {
  const tookMs = Array.from({ length: 3 }, () => {
    const random = new Random(seed, input)
    random.next()
    const beganAtMs = performance.now()
    target.run(random)
    return performance.now() - beganAtMs
  })
  return Math.min(...tookMs) > inputMsMax
}

function told({ seed, input, target }: { seed: number; input: number; target: FuzzTarget }, harm: string): string {
  const replay = `npm run test:fuzz -- --seed ${seed} --from ${input} --inputs 1`
  return `Input ${input} of seed ${seed} (${target.name}) ${harm}. Again: ${replay}`
}
