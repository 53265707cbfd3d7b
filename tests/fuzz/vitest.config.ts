import { defineConfig } from 'vitest/config'

/** As many inputs as one likes: see run.js. */
export default defineConfig({
  test: {
    include: ['tests/fuzz/*.fuzz.ts', 'tests/fuzz/hostile-clients.test.ts'],
    globalSetup: ['tests/support/dist-build.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 24 * 3_600_000,
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
  },
})
