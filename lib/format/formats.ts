import { type DurationUnits, formatAge, formatDuration } from './durations.ts'
import { createInstantFormat, formatZone, type InstantFormat } from './instants.ts'
import type { Language } from './language.ts'
import { formatByteRate, formatBytes, formatCount, formatExact, formatRate, formatShare } from './numbers.ts'

/** Figures and times as one reader sees them: in their language and zone. */
export interface Formats {
  readonly language: Language
  readonly zone: string
  count(value: number): string
  exact(value: number): string
  bytes(bytes: number): string
  rate(perSecond: number): string
  byteRate(bytesPerSecond: number): string
  share(part: number, whole: number): string
  duration(durationMs: number): string
  age(ageMs: number): string
  /** Today's times without the date. */
  time(atMs: number): string
  zoneName(atMs: number): string
  readonly instant: InstantFormat
}

const units: Record<Language, DurationUnits> = {
  en: { milliseconds: 'ms', seconds: 's', minutes: 'min', hours: 'h', days: 'd' },
  zh: { milliseconds: '毫秒', seconds: '秒', minutes: '分', hours: '小时', days: '天' },
}

/** `now` tells what is today; it is asked at each call. */
export function createFormats(options: { language: Language; zone: string; now: () => number }): Formats {
  const { language, zone, now } = options
  const instant = createInstantFormat(language, zone)
  return {
    language,
    zone,
    count: formatCount,
    exact: formatExact,
    bytes: formatBytes,
    rate: formatRate,
    byteRate: formatByteRate,
    share: formatShare,
    duration: (durationMs) => formatDuration(durationMs, units[language]),
    age: (ageMs) => formatAge(ageMs, units[language]),
    time: (atMs) => instant.brief(atMs, now()),
    zoneName: (atMs) => formatZone(zone, atMs),
    instant,
  }
}
