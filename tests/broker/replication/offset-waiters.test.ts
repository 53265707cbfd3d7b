import { expect, it } from 'vitest'
import { systemClock } from '../../../broker/clock.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { OffsetWaiters } from '../../../broker/replication/offset-waiters.ts'
import { TimerWheel } from '../../../broker/timer-wheel.ts'

function create() {
  const clock = { timeMs: 0, monotonicMs: () => clock.timeMs, setTimeout: systemClock.setTimeout }
  const timers = new TimerWheel(clock)
  const pass = (ms: number) => {
    clock.timeMs += ms
    timers.advance()
  }
  return { waiters: new OffsetWaiters(timers), pass }
}

it('wakes those whose offset is reached, in whatever order they came', async () => {
  const { waiters, pass } = create()
  const woken: number[] = []
  const waits = [30, 10, 20].map((offset) =>
    waiters.wait(offset, 1_000).then((isReached) => woken.push(isReached ? offset : -offset)),
  )
  waiters.advance(9)
  waiters.advance(20)
  await Promise.all(waits.slice(1))
  expect(woken).toEqual([10, 20])
  pass(1_020)
  await Promise.all(waits)
  expect(woken).toEqual([10, 20, -30])
})

it('a timeout takes only its own waiter', async () => {
  const { waiters, pass } = create()
  const short = waiters.wait(5, 100)
  const long = waiters.wait(6, 10_000)
  pass(200)
  expect(await short).toBe(false)
  waiters.advance(6)
  expect(await long).toBe(true)
})

it('a failure rejects everyone who waits', async () => {
  const { waiters } = create()
  const waits = [1, 2].map((offset) => waiters.wait(offset, 1_000))
  waiters.fail(errorCodes.NOT_LEADER_OR_FOLLOWER)
  for (const wait of waits) await expect(wait).rejects.toMatchObject({ code: errorCodes.NOT_LEADER_OR_FOLLOWER })
})
