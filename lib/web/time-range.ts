export const rangeNames = ['15m', '1h', '6h', '24h', '7d'] as const
export type RangeName = (typeof rangeNames)[number]

/** Either up to now, or between two instants that somebody zoomed to. */
export type TimeRange = { name: RangeName } | { fromMs: number; toMs: number }

const spansMs: Record<RangeName, number> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '24h': 24 * 3_600_000,
  '7d': 7 * 86_400_000,
}

/** As it stands in the URL: `6h`, or `1763870000000-1763873600000`. Anything else is the last hour. */
export function parseTimeRange(text: string | null | undefined): TimeRange {
  const name = rangeNames.find((each) => each === text)
  if (name !== undefined) return { name }
  const bounds = /^(\d{13})-(\d{13})$/.exec(text ?? '')
  const fromMs = Number(bounds?.[1])
  const toMs = Number(bounds?.[2])
  return toMs > fromMs ? { fromMs, toMs } : { name: '1h' }
}

export function formatTimeRange(range: TimeRange): string {
  return 'name' in range ? range.name : `${Math.round(range.fromMs)}-${Math.round(range.toMs)}`
}

export function spanOf(range: TimeRange): number {
  return 'name' in range ? spansMs[range.name] : range.toMs - range.fromMs
}

export function resolveTimeRange(range: TimeRange, nowMs: number): { fromMs: number; toMs: number } {
  return 'name' in range ? { fromMs: nowMs - spansMs[range.name], toMs: nowMs } : range
}

/** A range that ends now is read again as often as a new point can appear on the chart; a past one never. */
export function refreshIntervalMs(range: TimeRange): number | false {
  return 'name' in range ? Math.max(10_000, spansMs[range.name] / 400) : false
}
