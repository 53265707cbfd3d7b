import { defineConfig } from 'vitest/config'

/** As many inputs as one likes: see run.js. */
export default defineConfig({
  test: {
    include: ['tests/fuzz/*.fuzz.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 24 * 3_600_000,
    disableConsoleIntercept: true,
  },
})
