import { describe, expect, it } from 'vitest'
import {
  type AlertObservation,
  type AlertState,
  type AlertTransition,
  stepAlert,
} from '../../../lib/domain/alert-state.ts'

const timing = { forMs: 60_000, keepFiringMs: 30_000 }
const tickMs = 5_000

interface Round {
  readonly second: number
  readonly observation: AlertObservation
}

/** `x` breached, `.` clear, `?` unknown, one sign a tick; the transitions by the tick they happened in. */
function run(rounds: string, options = { timing, state: undefined as AlertState | undefined }): string[] {
  const observations: Record<string, AlertObservation> = { x: 'breached', '.': 'clear', '?': 'unknown' }
  return walk(
    [...rounds].map((sign, tick) => ({ second: tick * 5, observation: observations[sign] ?? 'unknown' })),
    options,
  )
}

function walk(rounds: readonly Round[], options: { timing: typeof timing; state: AlertState | undefined }): string[] {
  let state = options.state
  const transitions: string[] = []
  for (const { second, observation } of rounds) {
    const step = stepAlert(state, {
      observation,
      atMs: second * 1_000,
      timing: options.timing,
      elapsedMsMax: 3 * tickMs,
    })
    state = step.state
    if (step.transition !== undefined) transitions.push(`${second} ${step.transition}`)
  }
  return transitions
}

const minute = 'x'.repeat(13)

describe('stepAlert', () => {
  it.each([
    ['nothing is wrong', '.....', []],
    ['fires once the condition held for the whole time', minute, ['0 pended', '60 fired']],
    ['forgets a condition that goes before its time', 'xxx.', ['0 pended', '15 dropped']],
    ['starts anew after that', `xxx.${minute}`, ['0 pended', '15 dropped', '20 pended', '80 fired']],
    [
      'resolves once the condition was gone for the whole time',
      `${minute}.......`,
      ['0 pended', '60 fired', '65 recovering', '95 resolved'],
    ],
    [
      'goes on firing when the condition comes back before that',
      `${minute}...x......`,
      ['0 pended', '60 fired', '65 recovering', '80 refired', '85 recovering'],
    ],
    ['does not count rounds that could not see', `xxx???xxxx`, ['0 pended']],
    ['does not resolve while it cannot see', `${minute}.${'?'.repeat(100)}`, ['0 pended', '60 fired', '65 recovering']],
    ['does not forget a pending one while it cannot see', `x${'?'.repeat(100)}`, ['0 pended']],
    ['does not begin by not seeing', '????', []],
  ])('%s', (_name, rounds, transitions) => {
    expect(run(rounds)).toEqual(transitions)
  })

  it('fires and resolves at once when told to', () => {
    expect(run('x.x', { timing: { forMs: 0, keepFiringMs: 0 }, state: undefined })).toEqual([
      '0 fired',
      '5 resolved',
      '10 fired',
    ])
  })

  it('counts at most three ticks for the time between two rounds', () => {
    const rounds: Round[] = [0, 3_600, 7_200, 10_800, 14_400].map((second) => ({ second, observation: 'breached' }))
    expect(walk(rounds, { timing, state: undefined })).toEqual(['0 pended', '14400 fired'])
  })

  it('counts on after a restart, without the time in between', () => {
    const state: AlertState = { phase: 'pending', heldMs: 55_000, evaluatedAtMs: null }
    expect(run('xx', { timing, state })).toEqual(['5 fired'])
  })

  it('holds its promises on a random walk', () => {
    let seed = 42
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    let state: AlertState | undefined
    let last: AlertTransition | undefined
    let observation: AlertObservation = 'clear'
    let seenMs = { breached: 0, clear: 0 }
    const allowedAfter: Record<string, (AlertTransition | undefined)[]> = {
      pended: [undefined, 'dropped', 'resolved'],
      dropped: ['pended'],
      fired: ['pended'],
      recovering: ['fired', 'refired'],
      refired: ['recovering'],
      resolved: ['recovering'],
    }
    for (let tick = 0; tick < 20_000; tick += 1) {
      if (random() < 0.08)
        observation = (['breached', 'clear', 'unknown'] as const)[Math.floor(random() * 3)] ?? 'clear'
      const before = state
      const step = stepAlert(state, { observation, atMs: tick * tickMs, timing, elapsedMsMax: 3 * tickMs })
      state = step.state
      if (observation === 'breached') seenMs = { breached: seenMs.breached + tickMs, clear: 0 }
      if (observation === 'clear') seenMs = { breached: 0, clear: seenMs.clear + tickMs }
      if (observation === 'unknown') expect(step.transition).toBeUndefined()
      if (step.transition === undefined) continue
      expect(allowedAfter[step.transition]).toContain(last)
      if (step.transition === 'fired') expect(seenMs.breached).toBeGreaterThan(timing.forMs / 2)
      if (step.transition === 'resolved') expect(seenMs.clear).toBeGreaterThan(timing.keepFiringMs / 2)
      if (step.transition === 'dropped') expect(before?.phase).toBe('pending')
      last = step.transition
    }
    expect(last).toBeDefined()
  })
})
