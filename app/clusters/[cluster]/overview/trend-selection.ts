import type { SeriesSelection } from '../../../../lib/web/queries.ts'
import type { TimeRange } from '../../../../lib/web/time-range.ts'

export const trendColumns = ['recordsIn', 'bytesIn', 'lag', 'underReplicated'] as const
export type TrendColumn = (typeof trendColumns)[number]

/** Few points: a trend is a finger wide. */
export const trendPoints = 150

export function trendSelection(cluster: string, column: TrendColumn, range: TimeRange): SeriesSelection<'cluster'> {
  return { cluster, kind: 'cluster', subject: '', column, range, maxPoints: trendPoints }
}
