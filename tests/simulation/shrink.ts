import type { History } from './history.ts'
import { type Outcome, simulate } from './simulation.ts'

const attemptsMax = 60

/**
 * Leaves out actions, producers and committers of a history that fails, as long as it fails in the same way: what is left
 * is mostly what it takes. Cheap, not thorough: every change moves the dice of all that comes after it.
 */
export async function shrink(history: History, failed: Outcome): Promise<History> {
  let shortest = history
  let attempts = 0
  const stillFails = async (candidate: History) => {
    attempts += 1
    const { violations } = await simulate(candidate)
    return kindOf(violations[0]) === kindOf(failed.violations[0])
  }
  for (const part of ['actions', 'producers'] as const) {
    for (let size = Math.ceil(shortest[part].length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < shortest[part].length && attempts < attemptsMax; ) {
        const rest = [...shortest[part].slice(0, from), ...shortest[part].slice(from + size)]
        const candidate: History = { ...shortest, [part]: rest }
        if (await stillFails(candidate)) shortest = candidate
        else from += size
      }
    }
  }
  return shortest
}

/** The same trouble with other names and numbers. */
function kindOf(violation: string | undefined): string | undefined {
  return violation?.split('\n')[0]?.replaceAll(/[\d,.-]+/g, '')
}
