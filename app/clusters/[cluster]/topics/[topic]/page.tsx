import type { Metadata } from 'next'
import { recordsQuery, topicConfigsQuery, topicQuery } from '../../../../../lib/web/queries.ts'
import { parseRecordsSearch } from '../../../../../lib/web/records-search.ts'
import { Prefetch } from '../../../../components/prefetch.tsx'
import { TopicScreen } from './topic-screen.tsx'

interface TopicPageProps {
  params: Promise<{ cluster: string; topic: string }>
  searchParams: Promise<Record<string, string | undefined>>
}

export async function generateMetadata({ params }: TopicPageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).topic) }
}

export default async function TopicPage({ params, searchParams }: TopicPageProps) {
  const [{ cluster: rawCluster, topic: rawTopic }, search] = await Promise.all([params, searchParams])
  const cluster = decodeURIComponent(rawCluster)
  const topic = decodeURIComponent(rawTopic)
  const ofTab = {
    records: recordsQuery(
      cluster,
      topic,
      parseRecordsSearch((name) => search[name]),
    ),
    configs: topicConfigsQuery(cluster, topic),
  }[search.tab ?? '']
  return (
    <Prefetch queries={ofTab === undefined ? [topicQuery(cluster, topic)] : [topicQuery(cluster, topic), ofTab]}>
      <TopicScreen cluster={cluster} topic={topic} />
    </Prefetch>
  )
}
