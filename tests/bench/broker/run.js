import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const parts = ['memory', 'produce', 'latency', 'consume', 'partitions', 'failover']
const usage = `npm run bench:broker -- [--rounds N] [--scale SHARE] [--only PART,PART] [--brokers 1|3] [--hold FILE]

  --rounds N     how often each system is measured; medians are compared (3)
  --scale SHARE  what share of the usual number of records is sent (1)
  --only PARTS   some of ${parts.join(', ')}; start is always measured (all)
  --brokers N    with one broker and RF 1, or with three and RF 3, which partitions and failover need (both)
  --hold FILE    ends with 1 when a ratio misses its bar in FILE, see tests/bench/broker/bar.json
`

const settings = readSettings()
const root = fileURLToPath(new URL('../../..', import.meta.url))
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
const args = [vitest, 'run', '--config', 'tests/bench/broker/vitest.config.ts']
const run = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...settings } })
run.once('exit', (code) => {
  process.exitCode = code ?? 1
})

function readSettings() {
  const text = /** @type {const} */ ({ type: 'string' })
  try {
    const { values } = parseArgs({ options: { rounds: text, scale: text, only: text, brokers: text, hold: text } })
    if (values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds)) throw new Error('--rounds is a whole number')
    if (values.scale !== undefined && !(Number(values.scale) > 0)) throw new Error('--scale is a number above 0')
    const unknown = values.only?.split(',').find((part) => !parts.includes(part))
    if (unknown !== undefined) throw new Error(`--only knows no ${unknown}`)
    if (values.brokers !== undefined && !/^[13]$/.test(values.brokers)) throw new Error('--brokers is 1 or 3')
    return {
      ...(values.rounds && { EYRIE_BENCH_ROUNDS: values.rounds }),
      ...(values.scale && { EYRIE_BENCH_SCALE: values.scale }),
      ...(values.only && { EYRIE_BENCH_ONLY: values.only }),
      ...(values.brokers && { EYRIE_BENCH_BROKERS: values.brokers }),
      ...(values.hold && { EYRIE_BENCH_HOLD: path.resolve(values.hold) }),
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    return process.exit(2)
  }
}
