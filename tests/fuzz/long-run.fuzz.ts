import { test } from 'vitest'
import { runFuzz } from './run-fuzz.ts'
import { allTargets } from './targets/all-targets.ts'

const { EYRIE_FUZZ_SEED, EYRIE_FUZZ_FROM = '0', EYRIE_FUZZ_INPUTS = '1000000' } = process.env
const run = {
  seed: Number(EYRIE_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31)),
  from: Number(EYRIE_FUZZ_FROM),
  inputs: Number(EYRIE_FUZZ_INPUTS),
}

test(`seed ${run.seed}, ${run.inputs} inputs from ${run.from}`, () => {
  console.info(`seed ${run.seed}`)
  const { elapsedMs, inputsOf, slowestMs } = runFuzz(allTargets, run)
  const perSecond = Math.round((run.inputs * 1000) / elapsedMs)
  for (const [name, inputs] of inputsOf) console.info(`${name.padEnd(22)} ${String(inputs).padStart(9)}`)
  console.info(`${run.inputs} inputs, ${perSecond} a second, the slowest took ${slowestMs.toFixed(1)} ms`)
})
