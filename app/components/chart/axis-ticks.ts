import type { SeriesAnswer } from '../../../lib/contract/series.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const durationSteps = [
  1_000,
  5_000,
  15_000,
  minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  hourMs,
  6 * hourMs,
  dayMs,
  7 * dayMs,
]
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440].map((minutes) => minutes * minuteMs)

/** Round values from zero to above the maximum: powers of two for bytes, clock steps for durations, else 1, 2 and 5. */
export function valueTicks(max: number, unit: SeriesAnswer['unit']): number[] {
  const atLeast = Math.max(max, unit === 'count' || unit === 'records' ? 1 : 0.001) / 4
  const step = roundStep(atLeast, unit)
  const count = Math.max(1, Math.ceil(max / step))
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}

/** Round local times within a range, about one for each `spacing` of it. */
export function timeTicks(fromMs: number, toMs: number, count: number): number[] {
  const wanted = (toMs - fromMs) / count
  const step = clockSteps.find((each) => each >= wanted) ?? Math.ceil(wanted / dayMs) * dayMs
  const zoneMs = new Date(toMs).getTimezoneOffset() * minuteMs
  const first = Math.ceil((fromMs - zoneMs) / step) * step + zoneMs
  const ticks: number[] = []
  for (let atMs = first; atMs <= toMs; atMs += step) ticks.push(atMs)
  return ticks
}

function roundStep(atLeast: number, unit: SeriesAnswer['unit']): number {
  if (unit === 'milliseconds') {
    const step = durationSteps.find((each) => each >= atLeast)
    if (step !== undefined) return step
  }
  if (unit === 'bytes' || unit === 'bytesPerSecond') return 2 ** Math.max(0, Math.ceil(Math.log2(atLeast)))
  const power = 10 ** Math.floor(Math.log10(atLeast))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= atLeast) ?? 10 * power
  return unit === 'count' || unit === 'records' ? Math.max(1, step) : step
}
