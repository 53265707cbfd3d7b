import { test } from 'vitest'
import { runLogFiles } from './run-log-files.ts'

/** Always the same damage; `npm run test:fuzz` does other. */
const seed = 1

test('whatever happened to the files of a log, it opens and never gives back something else', {
  timeout: 120_000,
}, async () => {
  await runLogFiles({ seed, from: 0, inputs: 120 })
})
