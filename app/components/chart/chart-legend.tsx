'use client'

import { useWords } from '../../../lib/web/reader-provider.tsx'
import { type ChartSeries, seriesColors } from './chart-series.ts'
import { summarizeSeries } from './summarize-series.ts'
import classes from './time-chart.module.css'

interface ChartLegendProps {
  series: readonly ChartSeries[]
  isolated: string | undefined
  onIsolate: (id: string) => void
  write: (value: number) => string
}

export function ChartLegend({ series, isolated, onIsolate, write }: ChartLegendProps) {
  const words = useWords().common
  const writeKnown = (value: number | undefined) => (value === undefined ? '–' : write(value))
  return (
    <table className={classes.legend}>
      <thead>
        <tr>
          <th />
          <th scope="col">{words.last}</th>
          <th scope="col">{words.min}</th>
          <th scope="col">{words.mean}</th>
          <th scope="col">{words.max}</th>
        </tr>
      </thead>
      <tbody>
        {series.map(({ id, name, values }, index) => {
          const { last, min, mean, max } = summarizeSeries(values)
          return (
            <tr key={id} data-dim={(isolated !== undefined && isolated !== id) || undefined}>
              <th scope="row">
                <button type="button" className={classes.name} title={words.isolate} onClick={() => onIsolate(id)}>
                  <span className={classes.swatch} style={{ background: seriesColors[index] }} />
                  {name}
                </button>
              </th>
              <td>{writeKnown(last)}</td>
              <td>{writeKnown(min)}</td>
              <td>{writeKnown(mean)}</td>
              <td>{writeKnown(max)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
