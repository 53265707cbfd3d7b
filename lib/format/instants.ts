import type { Language } from './language.ts'

export interface InstantFormat {
  /** `14:02:10` today, `22 Nov 14:02` this year, with the year before that. */
  brief(atMs: number, nowMs: number): string
  /** Date, time with milliseconds and the zone: for hover and copy. */
  full(atMs: number): string
  /** `14:02`, for an axis that spans hours; with the date on one that spans days. */
  tick(atMs: number, spanMs: number): string
}

export function createInstantFormat(language: Language, zone: string): InstantFormat {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const build = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options })
  const day = build({ year: 'numeric', month: 'numeric', day: 'numeric' })
  const year = build({ year: 'numeric' })
  const time = build({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const clock = build({ hour: '2-digit', minute: '2-digit' })
  const dated = build({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
  const datedTick = build({ month: 'short', day: 'numeric' })
  const old = build({ year: 'numeric', month: 'short', day: 'numeric' })
  const full = build({
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
  })
  return {
    brief(atMs, nowMs) {
      if (day.format(atMs) === day.format(nowMs)) return time.format(atMs)
      return year.format(atMs) === year.format(nowMs) ? dated.format(atMs) : old.format(atMs)
    },
    full: (atMs) => full.format(atMs),
    tick(atMs, spanMs) {
      if (spanMs <= 15 * 60_000) return time.format(atMs)
      return spanMs <= 48 * 3_600_000 ? clock.format(atMs) : datedTick.format(atMs)
    },
  }
}

/** `UTC`, `UTC+8`: how the zone is called at this moment. */
export function formatZone(zone: string, atMs: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(atMs)
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? zone
  return name.replace('GMT', 'UTC')
}
