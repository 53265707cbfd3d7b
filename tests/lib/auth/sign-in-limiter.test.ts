import { describe, expect, it } from 'vitest'
import { SignInLimiter } from '../../../lib/auth/sign-in-limiter.ts'

const guesser = { email: 'ada@example.org', address: '198.51.100.1' }
const owner = { email: 'Ada@example.org', address: '192.0.2.7' }

function failTimes(limiter: SignInLimiter, attempt: { email: string; address: string }, times: number): void {
  for (let failure = 0; failure < times; failure += 1) limiter.failed(attempt, 0)
}

describe('SignInLimiter', () => {
  it('lets people mistype, then makes them wait longer each time, half a minute at most', () => {
    const limiter = new SignInLimiter()
    const waits: number[] = []
    for (let failure = 0; failure < 12; failure += 1) {
      limiter.failed(guesser, 0)
      waits.push(limiter.waitMs(guesser, 0) / 1_000)
    }
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30])
    expect(limiter.waitMs(guesser, 30_000)).toBe(0)
  })

  it('keeps the owner out for two seconds at most, however many guess elsewhere', () => {
    const limiter = new SignInLimiter()
    for (let address = 0; address < 100; address += 1) {
      failTimes(limiter, { ...guesser, address: `198.51.100.${address}` }, 20)
    }
    expect(limiter.waitMs(owner, 0)).toBe(2_000)
    failTimes(limiter, { ...guesser, email: 'eve@example.org' }, 20)
    expect(limiter.waitMs({ ...owner, email: 'bob@example.org' }, 0)).toBe(0)
  })

  it('forgets after a success and after a quarter of an hour', () => {
    const limiter = new SignInLimiter()
    failTimes(limiter, guesser, 20)
    limiter.succeeded(guesser)
    expect(limiter.waitMs(guesser, 0)).toBe(0)
    failTimes(limiter, guesser, 20)
    limiter.failed(guesser, 1_000_000)
    expect(limiter.waitMs(guesser, 1_000_000)).toBe(0)
  })

  it('remembers a bounded number', () => {
    const limiter = new SignInLimiter()
    failTimes(limiter, guesser, 20)
    for (let address = 0; address < 20_000; address += 1) {
      limiter.failed({ email: `${address}@example.org`, address: `${address}` }, 0)
    }
    expect(limiter.waitMs(guesser, 0)).toBe(0)
  })
})
