import type { SeriesAnswer } from '../contract/series.ts'

/** Values at `fromMs + i * stepMs`; `null` is a gap. */
export type SampledValues = Pick<SeriesAnswer, 'fromMs' | 'stepMs' | 'values'>

/** The first sample, where the range asked for begins before it. */
export function findHistoryStart({ fromMs, stepMs, values }: SampledValues): number | undefined {
  const first = values.findIndex((value) => value !== null)
  return first <= 0 ? undefined : fromMs + first * stepMs
}

/** Without what lies before the start, but never fewer than two points: one makes no line. */
export function beginAt<S extends SampledValues>(series: S, startMs: number | undefined): S {
  const { fromMs, stepMs, values } = series
  if (startMs === undefined) return series
  const skipped = Math.min(Math.floor((startMs - fromMs) / stepMs), values.length - 2)
  return skipped <= 0 ? series : { ...series, fromMs: fromMs + skipped * stepMs, values: values.slice(skipped) }
}
