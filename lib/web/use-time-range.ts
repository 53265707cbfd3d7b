'use client'

import { useMemo } from 'react'
import { formatTimeRange, parseTimeRange, type TimeRange } from './time-range.ts'
import { useUrlState } from './use-url-state.ts'

/** The page's one time range. */
export function useTimeRange(): [range: TimeRange, set: (range: TimeRange) => void] {
  const [text, setText] = useUrlState('range', '1h')
  const range = useMemo(() => parseTimeRange(text), [text])
  return [range, (next) => setText(formatTimeRange(next))]
}
