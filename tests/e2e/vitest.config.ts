import { defineConfig } from 'vitest/config'

/** One browser journey at a time: they share a server, and a broker that is stopped in one is missed in all. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    globalSetup: ['tests/e2e/suite-server.ts'],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
})
