import { parseArgs } from 'node:util'
import { makeHistory } from './history.ts'
import { simulate } from './simulation.ts'

/** `npm run test:simulation -- --seeds 1000 --seed 1`, or `--seed 42 --trace` to see one history pass. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    keepGoing: { type: 'boolean', default: false },
  },
})

const firstSeed = Number(values.seed)
const startedAt = performance.now()
let failed = 0
let events = 0
for (let seed = firstSeed; seed < firstSeed + Number(values.seeds); seed++) {
  const history = makeHistory(seed)
  const outcome = await simulate(history, values.trace ? (line) => console.log(line) : undefined)
  events += outcome.events
  if (values.seeds === '1')
    console.log(`seed ${seed}: ${outcome.events} events, ${outcome.records} records, hash ${outcome.hash}`)
  if (outcome.violations.length === 0) continue
  failed += 1
  console.log(`seed ${seed} fails: ${outcome.violations.slice(0, 3).join('\n  ')}`)
  if (!values.keepGoing) break
}
const seconds = (performance.now() - startedAt) / 1_000
console.log(
  `${values.seeds} histories from seed ${firstSeed}, ${events} events in ${seconds.toFixed(1)} s: ${failed} failed`,
)
process.exit(failed === 0 ? 0 : 1)
