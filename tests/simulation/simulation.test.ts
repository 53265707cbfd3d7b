import { describe, expect, test } from 'vitest'
import { makeHistory } from './history.ts'
import { simulate } from './simulation.ts'

/** More, and others: `npm run test:simulation -- --seeds 1000 --seed 1`. */
const seeds = Array.from({ length: 20 }, (_, i) => i + 1)

describe('whole brokers through random histories of troubles', () => {
  test.each(seeds)(
    'seed %i: what was promised is kept, and the cluster becomes whole',
    async (seed) => {
      const { violations, trace } = await simulate(makeHistory(seed))
      expect(violations, `npm run test:simulation -- --seed ${seed} --trace\n${trace.slice(-30).join('\n')}`).toEqual(
        [],
      )
    },
    120_000,
  )

  test('the same seed is the same history', async () => {
    const [once, again] = [await simulate(makeHistory(3)), await simulate(makeHistory(3))]
    expect(again.trace).toEqual(once.trace)
    expect(again.hash).toBe(once.hash)
    expect((await simulate(makeHistory(4))).hash).not.toBe(once.hash)
  }, 240_000)
})
