import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `npm run test:fuzz -- [--inputs N] [--seed S] [--from I] [--only decoders|files|requests]

  --inputs N  how many inputs are made (1000000)
  --seed S    a whole number from which all of them follow (a random one, which is printed)
  --from I    number of the first input, to try one again without those before it (0)
  --only PART what is fuzzed: decoders, the files of a log, or a broker by requests to its port (all three; of the
              last two a thousandth as many are made as of the first)
`

const settings = readSettings()
const root = fileURLToPath(new URL('../..', import.meta.url))
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
const args = [vitest, 'run', '--config', 'tests/fuzz/vitest.config.ts']
const run = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...settings } })
run.once('exit', (code) => {
  process.exitCode = code ?? 1
})

function readSettings() {
  const text = /** @type {const} */ ({ type: 'string' })
  try {
    const { values } = parseArgs({ options: { inputs: text, seed: text, from: text, only: text } })
    const { only = 'decoders', ...numbers } = values
    if (!['decoders', 'files', 'requests'].includes(only)) throw new Error(`--only knows no ${only}`)
    for (const [name, value] of Object.entries(numbers)) {
      if (!/^\d+$/.test(value)) throw new Error(`--${name} is a whole number`)
    }
    const seeded = { seed: `${Math.floor(Math.random() * 2 ** 31)}`, inputs: '1000000', ...values }
    return Object.fromEntries(
      Object.entries(seeded).map(([name, value]) => [`EYRIE_FUZZ_${name.toUpperCase()}`, value]),
    )
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    return process.exit(2)
  }
}
