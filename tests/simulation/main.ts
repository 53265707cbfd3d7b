import { parseArgs } from 'node:util'
import { makeHistory } from './history.ts'
import { shrink } from './shrink.ts'
import { type Outcome, simulate } from './simulation.ts'

const usage = `npm run test:simulation -- [--seed FIRST] [--seeds COUNT] [--trace] [--shrink] [--keep-going]
  --trace        tells what happens in each history
  --shrink       looks for a shorter history that fails in the same way
  --keep-going   does not end at the first seed that fails`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const toldAtEnd = 40

if (values.help) console.log(usage)
else process.exitCode = await main(Number(values.seed), Number(values.seeds))

async function main(firstSeed: number, count: number): Promise<number> {
  const startedAtMs = performance.now()
  let [passed, failed, events, records] = [0, 0, 0, 0]
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const outcome = await simulate(makeHistory(seed), values.trace ? console.log : undefined)
    events += outcome.events
    records += outcome.records
    if (count === 1) console.log(`seed ${seed}: ${outcome.events} events, hash ${outcome.hash}`)
    if (outcome.violations.length === 0) passed += 1
    else {
      failed += 1
      await tellFailure(seed, outcome)
      if (!values['keep-going']) break
    }
  }
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1)
  console.log(`${passed} histories passed, ${failed} failed: ${events} events, ${records} records in ${seconds} s`)
  return failed === 0 ? 0 : 1
}

async function tellFailure(seed: number, outcome: Outcome): Promise<void> {
  if (!values.trace) console.log(outcome.trace.slice(-toldAtEnd).join('\n'))
  console.log(`SEED ${seed} FAILS: ${outcome.violations[0]}`)
  console.log(`again: npm run test:simulation -- --seed ${seed} --trace`)
  if (!values.shrink) return
  const shortest = await shrink(makeHistory(seed), outcome)
  console.log(`${shortest.producers.length} producers and these actions are enough:`)
  for (const action of shortest.actions) console.log(`  ${JSON.stringify(action)}`)
  await simulate(shortest, console.log)
}
