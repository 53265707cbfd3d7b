import { describe, expect, test } from 'vitest'
import { systemClock } from '../../broker/clock.ts'
import { TimerWheel } from '../../broker/timer-wheel.ts'

class ManualClock {
  ms = 1_234
  readonly setTimeout = systemClock.setTimeout

  monotonicMs(): number {
    return this.ms
  }
}

describe('the timer wheel', () => {
  test('a callback runs when its delay is over, within a tick, and not before', () => {
    const clock = new ManualClock()
    const wheel = new TimerWheel(clock)
    const fired: string[] = []
    wheel.schedule(100, () => fired.push('a'))
    clock.ms += 99
    wheel.advance()
    expect(fired).toEqual([])
    clock.ms += 11
    wheel.advance()
    expect(fired).toEqual(['a'])
    wheel.close()
  })

  test.each([0, 1, 5_110, 5_120, 5_130, 45_000, 600_000])(
    'a delay of %i ms is kept whatever the rounds of the wheel',
    (delayMs) => {
      const clock = new ManualClock()
      const wheel = new TimerWheel(clock)
      const startMs = clock.ms
      let firedAtMs: number | undefined
      wheel.schedule(delayMs, () => {
        firedAtMs = clock.ms
      })
      while (firedAtMs === undefined && clock.ms < startMs + delayMs + 1_000) {
        clock.ms += 7
        wheel.advance()
      }
      expect(firedAtMs).toBeGreaterThanOrEqual(startMs + delayMs)
      expect(firedAtMs).toBeLessThan(startMs + delayMs + 20)
      wheel.close()
    },
  )

  test('after a long pause everything that is due runs, the earliest first', () => {
    const clock = new ManualClock()
    const wheel = new TimerWheel(clock)
    const fired: number[] = []
    for (const delayMs of [20_000, 30, 7_000, 6_000, 60_000]) wheel.schedule(delayMs, () => fired.push(delayMs))
    clock.ms += 30_000
    wheel.advance()
    expect(fired).toEqual([30, 6_000, 7_000, 20_000])
    wheel.close()
  })

  test('a cancelled timer does not run, not even when cancelled by one that runs at the same time', () => {
    const clock = new ManualClock()
    const wheel = new TimerWheel(clock)
    const fired: string[] = []
    const first = wheel.schedule(10, () => fired.push('first'))
    wheel.schedule(10, () => third.cancel())
    const third = wheel.schedule(10, () => fired.push('third'))
    first.cancel()
    clock.ms += 100
    wheel.advance()
    expect(fired).toEqual([])
    wheel.close()
  })

  test('a timer that schedules itself again runs again', () => {
    const clock = new ManualClock()
    const wheel = new TimerWheel(clock)
    let runs = 0
    const again = () => {
      runs += 1
      wheel.schedule(50, again)
    }
    wheel.schedule(50, again)
    for (let i = 0; i < 100; i++) {
      clock.ms += 10
      wheel.advance()
    }
    expect(runs).toBeGreaterThanOrEqual(16)
    wheel.close()
  })

  test('an idle wheel that has slept for long fires a new timer on time', () => {
    const clock = new ManualClock()
    const wheel = new TimerWheel(clock)
    clock.ms += 1e9
    let hasFired = false
    wheel.schedule(30, () => {
      hasFired = true
    })
    clock.ms += 40
    wheel.advance()
    expect(hasFired).toBe(true)
    wheel.close()
  })

  test('it wakes up by itself', async () => {
    const wheel = new TimerWheel(systemClock)
    const order: string[] = []
    await new Promise<void>((resolve) => {
      wheel.schedule(60, () => {
        order.push('late')
        resolve()
      })
      wheel.schedule(20, () => order.push('early'))
      // The wheel's own timer does not keep the process alive; this one does.
      setTimeout(() => undefined, 500)
    })
    expect(order).toEqual(['early', 'late'])
    wheel.close()
  })
})
