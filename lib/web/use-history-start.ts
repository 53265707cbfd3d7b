'use client'

import { useQuery } from '@tanstack/react-query'
import { findHistoryStart } from './history-start.ts'
import { seriesQuery } from './queries.ts'
import { useTimeRange } from './use-time-range.ts'

/**
 * When the cluster's history begins, if that is within the page's range: all charts of the page begin there, or those of
 * a young console would be empty but for their last pixels. A range that the reader zoomed to stays as it is.
 */
export function useHistoryStart(cluster: string, maxPoints: number): number | undefined {
  const [range] = useTimeRange()
  // Known from the first round on, unlike rates.
  const selection = { cluster, kind: 'cluster', subject: '', column: 'underReplicated', range, maxPoints } as const
  const { data } = useQuery({ ...seriesQuery(selection), enabled: 'name' in range })
  return data === undefined || !('name' in range) ? undefined : findHistoryStart(data)
}
