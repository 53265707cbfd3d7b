import { expect, test } from 'vitest'
import { makeHistory } from './history.ts'
import { simulate } from './simulation.ts'

/** More, and others: `npm run test:simulation -- --seeds 1000 --seed 1`. */
const seedMax = 25
/** On a slow machine there are fewer, but never none. */
const budgetMs = 15_000

test('whole brokers keep their promises through random histories of troubles, and become whole again', async () => {
  const startedAtMs = performance.now()
  for (let seed = 1; seed <= seedMax && (seed === 1 || performance.now() < startedAtMs + budgetMs); seed++) {
    const { violations, trace } = await simulate(makeHistory(seed))
    const again = `npm run test:simulation -- --seed ${seed} --trace\n${trace.slice(-30).join('\n')}`
    expect(violations, again).toEqual([])
  }
}, 120_000)

test('the same seed is the same history, another seed is another one', async () => {
  const [once, again, other] = [await simulate(makeHistory(5)), await simulate(makeHistory(5)), makeHistory(10)]
  expect(again.trace).toEqual(once.trace)
  expect(again.hash).toBe(once.hash)
  expect((await simulate(other)).hash).not.toBe(once.hash)
}, 120_000)
