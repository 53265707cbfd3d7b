'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Health } from '../../../../lib/contract/scalars.ts'
import { beginAt } from '../../../../lib/web/history-start.ts'
import { seriesQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { useTimeRange } from '../../../../lib/web/use-time-range.ts'
import { Sparkline } from '../../../components/chart/sparkline.tsx'
import { type TrendColumn, trendSelection } from './trend-selection.ts'
import classes from './trends-strip.module.css'

interface TrendProps {
  cluster: string
  column: TrendColumn
  label: string
  unit?: string
  health?: Health
  /** Where the line begins, if later than the page's range. */
  startMs: number | undefined
  write: (value: number) => string
  /** A second, smaller figure. */
  beside?: ReactNode
  children: ReactNode
}

export function Trend({ cluster, column, label, unit, health = 'ok', startMs, write, beside, children }: TrendProps) {
  const words = useWords().common
  const [range] = useTimeRange()
  const { data, error } = useQuery(seriesQuery(trendSelection(cluster, column, range)))
  return (
    <div className={classes.trend}>
      <div className={classes.label}>{label}</div>
      <div className={classes.figure} data-health={health}>
        {children}
        {unit !== undefined && <span className={classes.unit}>{unit}</span>}
        {beside !== undefined && <span className={classes.beside}>{beside}</span>}
      </div>
      {data !== undefined && <Sparkline series={beginAt(data, startMs)} label={label} write={write} />}
      {data === undefined && (
        <div className={classes.waiting}>{error && (error.message || words.problems[error.code])}</div>
      )}
    </div>
  )
}
