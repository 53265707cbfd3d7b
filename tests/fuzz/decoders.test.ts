import { expect, test } from 'vitest'
import { runFuzz } from './run-fuzz.ts'
import { allTargets } from './targets/all-targets.ts'

/** Other ones each day, the same ones all day: what fails in the morning can be looked at in the afternoon. */
const seed = Math.floor(Date.now() / 86_400_000)
const inputs = 20_000

test('whatever is sent or stored is understood or refused', { timeout: 120_000 }, () => {
  const { inputsOf } = runFuzz(allTargets, { seed, from: 0, inputs })
  expect([...inputsOf.keys()].sort()).toEqual(allTargets.map(({ name }) => name).sort())
})
