export interface DurationUnits {
  milliseconds: string
  seconds: string
  minutes: string
  hours: string
  days: string
}

const gap = '\u00a0'

/** The two largest units that matter: `340 ms`, `4 s`, `2 min 10 s`, `38 min`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(durationMs: number, units: DurationUnits): string {
  const ms = Math.max(0, durationMs)
  if (ms === 0) return `0${gap}${units.seconds}`
  if (ms < 1_000) return `${Math.round(ms)}${gap}${units.milliseconds}`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds}${gap}${units.seconds}`
  if (seconds < 600) return pair(seconds, 60, units.minutes, 1, units.seconds)
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes}${gap}${units.minutes}`
  if (minutes < 48 * 60) return pair(minutes, 60, units.hours, 1, units.minutes)
  return pair(Math.round(minutes / 60), 24, units.days, 1, units.hours)
}

/** Ages are read at a glance: one unit, never less than a second. */
export function formatAge(ageMs: number, units: DurationUnits): string {
  const seconds = Math.max(0, Math.round(ageMs / 1_000))
  if (seconds < 60) return `${seconds}${gap}${units.seconds}`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}${gap}${units.minutes}`
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)}${gap}${units.hours}`
  return `${Math.floor(seconds / 86_400)}${gap}${units.days}`
}

function pair(total: number, size: number, unit: string, smallerSize: number, smallerUnit: string): string {
  const large = Math.floor(total / size)
  const small = Math.floor((total % size) / smallerSize)
  return small === 0 ? `${large}${gap}${unit}` : `${large}${gap}${unit} ${small}${gap}${smallerUnit}`
}
