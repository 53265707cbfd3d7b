import { test } from 'vitest'
import { runLogFiles } from './run-log-files.ts'

/** Other ones each day, the same ones all day. */
const seed = Math.floor(Date.now() / 86_400_000)

test('whatever happened to the files of a log, it opens and never gives back something else', async () => {
  await runLogFiles({ seed, from: 0, inputs: 120 })
})
