import { makeLogFiles, openDamaged } from './damaged-log-directory.ts'
import { Random } from './random.ts'
import type { FuzzRun } from './run-fuzz.ts'
import { Watchdog } from './watchdog.ts'

/** Opens the folder of a broker again and again, each time with other damage. Throws at the first that does harm. */
export async function runLogFiles({ seed, from, inputs }: FuzzRun): Promise<void> {
  const files = await makeLogFiles()
  using watchdog = new Watchdog(seed)
  for (let input = from; input < from + inputs; input++) {
    watchdog.begin(input)
    try {
      await openDamaged(files, new Random(seed, input))
    } catch (cause) {
      const replay = `npm run test:fuzz -- --only files --seed ${seed} --from ${input} --inputs 1`
      throw new Error(`Input ${input} of seed ${seed} (log files) does harm. Again: ${replay}`, { cause })
    }
  }
}
