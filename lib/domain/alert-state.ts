/** What a round says of one condition. A round that could not read what it needs says `unknown`. */
export type AlertObservation = 'breached' | 'clear' | 'unknown'

export interface AlertTiming {
  /** How long the condition must hold before it fires. */
  readonly forMs: number
  /** How long it must be gone before it resolves. */
  readonly keepFiringMs: number
}

export interface AlertState {
  readonly phase: 'pending' | 'firing' | 'recovering'
  /** How long it has been pending or recovering, over rounds that were seen; 0 while it fires. */
  readonly heldMs: number
  /** The last round, `null` right after a restart: the time in between was not seen and does not count. */
  readonly evaluatedAtMs: number | null
}

export type AlertTransition = 'pended' | 'dropped' | 'fired' | 'recovering' | 'refired' | 'resolved'

export interface AlertStep {
  /** `undefined` when there is nothing (any more). */
  readonly state: AlertState | undefined
  readonly transition: AlertTransition | undefined
}

/**
 * One round of one alert: nothing -> pending -> firing -> recovering -> resolved. `elapsedMsMax` bounds what the time
 * between two rounds may count for, so that missed rounds neither fire nor resolve anything. Unknown freezes.
 */
export function stepAlert(
  state: AlertState | undefined,
  round: { observation: AlertObservation; atMs: number; timing: AlertTiming; elapsedMsMax: number },
): AlertStep {
  const { observation, atMs, timing } = round
  if (observation === 'unknown') {
    return { state: state && { ...state, evaluatedAtMs: atMs }, transition: undefined }
  }
  if (state === undefined) {
    if (observation === 'clear') return { state: undefined, transition: undefined }
    return timing.forMs === 0 ? enter('firing', 'fired', atMs) : enter('pending', 'pended', atMs)
  }

  const elapsedMs = Math.min(Math.max(0, atMs - (state.evaluatedAtMs ?? atMs)), round.elapsedMsMax)
  const heldMs = state.heldMs + elapsedMs
  switch (state.phase) {
    case 'pending':
      if (observation === 'clear') return { state: undefined, transition: 'dropped' }
      if (heldMs >= timing.forMs) return enter('firing', 'fired', atMs)
      return { state: { phase: 'pending', heldMs, evaluatedAtMs: atMs }, transition: undefined }
    case 'firing':
      if (observation === 'breached') return { state: { ...state, evaluatedAtMs: atMs }, transition: undefined }
      if (timing.keepFiringMs === 0) return { state: undefined, transition: 'resolved' }
      return enter('recovering', 'recovering', atMs)
    case 'recovering':
      if (observation === 'breached') return enter('firing', 'refired', atMs)
      if (heldMs >= timing.keepFiringMs) return { state: undefined, transition: 'resolved' }
      return { state: { phase: 'recovering', heldMs, evaluatedAtMs: atMs }, transition: undefined }
  }
}

function enter(phase: AlertState['phase'], transition: AlertTransition, atMs: number): AlertStep {
  return { state: { phase, heldMs: 0, evaluatedAtMs: atMs }, transition }
}
