import { defineConfig } from 'vitest/config'
import { findMissingPrograms } from '../support/missing-programs.ts'

const missing = findMissingPrograms()
if (missing !== undefined) {
  process.stderr.write(`${missing}\n`)
  process.exit(1)
}

export default defineConfig({
  test: {
    include: ['tests/interop/**/*.test.ts'],
    globalSetup: ['tests/support/dist-build.ts', 'tests/support/postgres-server.ts'],
    pool: 'forks',
    // Three JVMs are the load of a whole machine: one file after the other.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
})
