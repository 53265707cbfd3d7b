import type { Metadata } from 'next'
import { topicsQuery } from '../../../../lib/web/queries.ts'
import { Prefetch } from '../../../components/prefetch.tsx'
import { TopicsScreen } from './topics-screen.tsx'

export const metadata: Metadata = { title: 'Topics' }

export default async function TopicsPage({ params }: { params: Promise<{ cluster: string }> }) {
  const cluster = decodeURIComponent((await params).cluster)
  return (
    <Prefetch queries={[topicsQuery(cluster)]}>
      <TopicsScreen cluster={cluster} />
    </Prefetch>
  )
}
