import type { SampledValues } from '../../../lib/web/history-start.ts'

/** One line of a chart. */
export interface ChartSeries extends SampledValues {
  id: string
  name: string
}

/** Something that happened, marked on the time axis. */
export interface ChartEvent {
  id: string
  atMs: number
  text: string
}

export const seriesColors = Array.from({ length: 8 }, (_, index) => `var(--series-${index + 1})`)
