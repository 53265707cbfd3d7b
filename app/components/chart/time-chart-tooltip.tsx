'use client'

import { useFormats } from '../../../lib/web/reader-provider.tsx'
import classes from './time-chart.module.css'

interface TimeChartTooltipProps {
  atMs: number | undefined
  lines: readonly { id: string; name: string; color: string }[]
  values: Readonly<Record<string, number | null>> | undefined
  write: (value: number) => string
}

export function TimeChartTooltip({ atMs, lines, values, write }: TimeChartTooltipProps) {
  const formats = useFormats()
  if (atMs === undefined || values === undefined) return null
  return (
    <div className={classes.tooltip}>
      <div className="quiet">{formats.instant.full(atMs)}</div>
      {lines.map(({ id, name, color }) => {
        const value = values[id]
        return (
          <div key={id} className={classes.tooltipRow}>
            <span>
              <span className={classes.swatch} style={{ background: color }} />
              {name}
            </span>
            <strong>{value === null || value === undefined ? '–' : write(value)}</strong>
          </div>
        )
      })}
    </div>
  )
}
