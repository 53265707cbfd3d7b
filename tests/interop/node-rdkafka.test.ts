import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { runProgram } from '../support/kafka-tool.ts'

const file = fileURLToPath(new URL('librdkafka/scenarios.js', import.meta.url))
const client = fileURLToPath(new URL('librdkafka/node_modules/node-rdkafka', import.meta.url))
const install = 'BUILD_LIBRDKAFKA=0 npm ci --prefix tests/interop/librdkafka'

let cluster: TestCluster

beforeAll(async () => {
  if (!existsSync(client))
    throw new Error(`Missing: node-rdkafka. With Debian's librdkafka-dev, g++ and make: ${install}`)
  cluster = await startTestCluster({ properties: { 'group.initial.rebalance.delay.ms': '0' } })
  return () => cluster.stop()
})

const names = [...readFileSync(file, 'utf8').matchAll(/^test\('(.+)', async/gm)].map(([, name = '']) => name)

test.each(names)('%s', { timeout: 200_000 }, async (name) => {
  const args = ['--test', '--test-reporter=spec', `--test-name-pattern=^${name}$`, file]
  const environment = { BOOTSTRAP: cluster.bootstrap }
  const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, { environment, timeoutMs: 180_000 })
  expect(exitCode, `${stdout}${stderr}`).toBe(0)
  expect(stdout).toMatch(/^ℹ pass 1$/m)
})
