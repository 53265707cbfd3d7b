import { defineConfig } from 'vitest/config'

/** Whole systems side by side. Each file prints a table; what it measures is under way for minutes. */
export default defineConfig({
  test: {
    include: ['tests/bench/*.figures.ts'],
    globalSetup: ['tests/support/dist-build.ts', 'tests/support/postgres-server.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
    disableConsoleIntercept: true,
  },
})
