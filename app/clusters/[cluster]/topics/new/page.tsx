import type { Metadata } from 'next'
import { topicDefaultsQuery, topicsQuery } from '../../../../../lib/web/queries.ts'
import { Prefetch } from '../../../../components/prefetch.tsx'
import { TopicCreateScreen } from './topic-create-screen.tsx'

export const metadata: Metadata = { title: 'Create topic' }

export default async function TopicCreatePage({ params }: { params: Promise<{ cluster: string }> }) {
  const cluster = decodeURIComponent((await params).cluster)
  return (
    <Prefetch queries={[topicsQuery(cluster), topicDefaultsQuery(cluster)]}>
      <TopicCreateScreen cluster={cluster} />
    </Prefetch>
  )
}
