import type { Metadata } from 'next'
import { recordsQuery, topicsQuery } from '../../../../lib/web/queries.ts'
import { parseRecordsSearch } from '../../../../lib/web/records-search.ts'
import { Prefetch } from '../../../components/prefetch.tsx'
import { RecordsScreen } from './records-screen.tsx'

export const metadata: Metadata = { title: 'Records' }

interface RecordsPageProps {
  params: Promise<{ cluster: string }>
  searchParams: Promise<Record<string, string | undefined>>
}

export default async function RecordsPage({ params, searchParams }: RecordsPageProps) {
  const cluster = decodeURIComponent((await params).cluster)
  const search = await searchParams
  const topics = topicsQuery(cluster)
  const records =
    search.topic === undefined
      ? []
      : [
          recordsQuery(
            cluster,
            search.topic,
            parseRecordsSearch((name) => search[name]),
          ),
        ]
  return (
    <Prefetch queries={[topics, ...records]}>
      <RecordsScreen cluster={cluster} />
    </Prefetch>
  )
}
