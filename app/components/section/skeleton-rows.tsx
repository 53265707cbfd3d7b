'use client'

import { useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './skeleton-rows.module.css'

interface SkeletonRowsProps {
  rows: number
  /** Tall ones stand for a chart. */
  height?: number
}

/** The shape of what comes, for the first reading only. */
export function SkeletonRows({ rows, height }: SkeletonRowsProps) {
  const words = useWords().common
  return (
    <div role="status" aria-label={words.loading}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move.
        <div key={index} className={classes.row} style={{ height }}>
          <div className={classes.bar} style={{ width: `${68 - ((index * 17) % 40)}%` }} />
        </div>
      ))}
    </div>
  )
}
