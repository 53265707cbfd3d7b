import { test } from 'vitest'
import { runFuzz } from './run-fuzz.ts'
import { runLogFiles } from './run-log-files.ts'
import { allTargets } from './targets/all-targets.ts'

const { EYRIE_FUZZ_SEED, EYRIE_FUZZ_FROM = '0', EYRIE_FUZZ_INPUTS, EYRIE_FUZZ_ONLY } = process.env
const isWanted = (part: string) => (EYRIE_FUZZ_ONLY ?? part) === part
const run = {
  seed: Number(EYRIE_FUZZ_SEED),
  from: Number(EYRIE_FUZZ_FROM),
  inputs: Number(EYRIE_FUZZ_INPUTS),
}
/** Opening a folder takes some thousand times as long as decoding a message. */
const files = EYRIE_FUZZ_ONLY === 'files' ? run : { ...run, from: 0, inputs: Math.ceil(run.inputs / 1000) }

console.info(`seed ${run.seed}`)

test.runIf(isWanted('decoders'))(`${run.inputs} messages, records and streams from ${run.from} on`, () => {
  const { elapsedMs, inputsOf, slowestMs } = runFuzz(allTargets, run)
  const perSecond = Math.round((run.inputs * 1000) / elapsedMs)
  for (const [name, inputs] of inputsOf) console.info(`${name.padEnd(22)} ${String(inputs).padStart(9)}`)
  console.info(`${run.inputs} inputs, ${perSecond} a second, the slowest took ${slowestMs.toFixed(1)} ms`)
})

test.runIf(isWanted('files'))(`${files.inputs} damaged log directories from ${files.from} on`, async () => {
  const startedAtMs = performance.now()
  await runLogFiles(files)
  const perSecond = Math.round((files.inputs * 1000) / (performance.now() - startedAtMs))
  console.info(`${files.inputs} log directories, ${perSecond} a second`)
})
