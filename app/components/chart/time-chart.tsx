'use client'

import dynamic from 'next/dynamic'
import type { SeriesAnswer } from '../../../lib/contract/series.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import { useTimeRange } from '../../../lib/web/use-time-range.ts'
import { ChartLegend } from './chart-legend.tsx'
import type { ChartEvent, ChartSeries } from './chart-series.ts'
import classes from './time-chart.module.css'
import { useIsolated } from './use-isolated.ts'

// The drawing library is larger than the rest of the page together: it follows when the page stands.
const TimeChartPlot = dynamic(() => import('./time-chart-plot.tsx').then((module) => module.TimeChartPlot), {
  ssr: false,
  loading: () => <div className={classes.plot} />,
})

interface TimeChartProps {
  label: string
  series: readonly ChartSeries[]
  events?: readonly ChartEvent[]
  unit: SeriesAnswer['unit']
  write: (value: number) => string
}

/** Lines over the page's time range with their legend. Dragging over the chart zooms the whole page. */
export function TimeChart({ label, series, events = [], unit, write }: TimeChartProps) {
  const words = useWords().common
  const [, setRange] = useTimeRange()
  const [isolated, toggleIsolated] = useIsolated()
  if (series.every(({ values }) => values.every((value) => value === null))) {
    return <p className={classes.empty}>{words.noHistory}</p>
  }
  return (
    <figure className={classes.figure} aria-label={label} title={words.chartHint}>
      <TimeChartPlot series={series} isolated={isolated} events={events} unit={unit} write={write} onZoom={setRange} />
      <ChartLegend series={series} isolated={isolated} onIsolate={toggleIsolated} write={write} />
    </figure>
  )
}
