'use client'

import { useQuery } from '@tanstack/react-query'
import { topicDefaultsQuery, topicsQuery } from '../../../../../lib/web/queries.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../../lib/web/use-live-query.ts'
import { PageHead } from '../../../../components/section/page-head.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { SkeletonRows } from '../../../../components/section/skeleton-rows.tsx'
import { TopicCreateForm } from './topic-create-form.tsx'

export function TopicCreateScreen({ cluster }: { cluster: string }) {
  const words = useWords().topicActs
  const defaults = useQuery(topicDefaultsQuery(cluster))
  const topics = useLiveQuery(topicsQuery(cluster))
  return (
    <>
      <PageHead title={words.createTitle} />
      <Section query={defaults} subject={words.createTitle}>
        {defaults.data === undefined && defaults.error === null && <SkeletonRows rows={8} height={52} />}
        {defaults.data !== undefined && (
          <TopicCreateForm
            cluster={cluster}
            defaults={defaults.data}
            existing={(topics.data?.topics ?? []).map((topic) => topic.name)}
          />
        )}
      </Section>
    </>
  )
}
