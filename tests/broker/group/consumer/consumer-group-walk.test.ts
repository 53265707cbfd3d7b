import { describe, test } from 'vitest'
import { ConsumerCrowd } from './consumer-crowd.ts'

/*
 * Clients of KIP-848 that start, leave, leave for a while, crash, change their minds and lose answers, while topics come and
 * grow, writes fail and the coordinator starts again from its log. Always:
 *
 * - no partition belongs to two members, and none that one reads in its acknowledged epoch to another;
 * - the log, and what compaction leaves of it, tells the same as the coordinator knows;
 * - once everybody behaves the group is stable, and each partition is read by one client that asked for its topic.
 */

const seeds = Array.from({ length: 40 }, (_, i) => i + 1)
const steps = 400

describe('a consumer group under a random crowd', () => {
  test.each(seeds)('seed %i', async (seed) => {
    const crowd = new ConsumerCrowd(seed)
    for (let step = 0; step < steps; step++) {
      await crowd.act()
      crowd.check()
      if (step % 20 === 0) await crowd.checkLog()
    }
    await crowd.settle()
    crowd.check()
    crowd.checkSettled()
    await crowd.checkLog()
  })
})
