import { defineConfig } from 'vitest/config'

/** Two systems side by side, which `npm run bench:broker` starts. A whole run takes half an hour on a machine of its own. */
export default defineConfig({
  test: {
    include: ['tests/bench/broker/*.figures.ts'],
    globalSetup: ['tests/support/dist-build.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 7_200_000,
    disableConsoleIntercept: true,
  },
})
