import { expect, test } from 'vitest'
import { runFuzz } from './run-fuzz.ts'
import { allTargets } from './targets/all-targets.ts'

/** Always the same inputs; `npm run test:fuzz` makes others. */
const seed = 1
const inputs = 20_000

test('whatever is sent or stored is understood or refused', { timeout: 120_000 }, () => {
  const { inputsOf } = runFuzz(allTargets, { seed, from: 0, inputs })
  expect([...inputsOf.keys()].sort()).toEqual(allTargets.map(({ name }) => name).sort())
})
