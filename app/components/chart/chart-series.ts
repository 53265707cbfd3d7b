/** One line of a chart. `values[i]` is at `fromMs + i * stepMs`; `null` is a gap. */
export interface ChartSeries {
  id: string
  name: string
  fromMs: number
  stepMs: number
  values: readonly (number | null)[]
}

/** Something that happened, marked on the time axis. */
export interface ChartEvent {
  id: string
  atMs: number
  text: string
}

export const seriesColors = Array.from({ length: 8 }, (_, index) => `var(--series-${index + 1})`)
