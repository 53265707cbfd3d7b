import type { Metadata } from 'next'
import { seriesQuery } from '../../../lib/web/queries.ts'
import { parseTimeRange } from '../../../lib/web/time-range.ts'
import { Prefetch } from '../../components/prefetch.tsx'
import { OverviewScreen } from './overview/overview-screen.tsx'
import { trendColumns, trendSelection } from './overview/trend-selection.ts'

export const metadata: Metadata = { title: 'Overview' }

interface OverviewPageProps {
  params: Promise<{ cluster: string }>
  searchParams: Promise<{ range?: string }>
}

/** The overview itself comes with the layout, which shows some of it beside every page. */
export default async function OverviewPage({ params, searchParams }: OverviewPageProps) {
  const cluster = decodeURIComponent((await params).cluster)
  const range = parseTimeRange((await searchParams).range)
  const trends = trendColumns.map((column) => seriesQuery(trendSelection(cluster, column, range)))
  return (
    <Prefetch queries={trends}>
      <OverviewScreen cluster={cluster} />
    </Prefetch>
  )
}
