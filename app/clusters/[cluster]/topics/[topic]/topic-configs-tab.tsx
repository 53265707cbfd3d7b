'use client'

import { useQuery } from '@tanstack/react-query'
import { topicConfigsQuery } from '../../../../../lib/web/queries.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { SkeletonRows } from '../../../../components/section/skeleton-rows.tsx'
import { ConfigsTable } from '../../../../components/table/configs-table.tsx'

interface TopicConfigsTabProps {
  cluster: string
  topic: string
}

export function TopicConfigsTab({ cluster, topic }: TopicConfigsTabProps) {
  const words = useWords().topics
  const query = useQuery(topicConfigsQuery(cluster, topic))
  return (
    <Section query={query} subject={words.tabs.configs}>
      {query.data === undefined && query.error === null && <SkeletonRows rows={16} />}
      {query.data !== undefined && <ConfigsTable configs={query.data.configs} />}
    </Section>
  )
}
