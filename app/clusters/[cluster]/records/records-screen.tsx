'use client'

import { NativeSelect } from '@mantine/core'
import { topicsQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../lib/web/use-live-query.ts'
import { useUrlState } from '../../../../lib/web/use-url-state.ts'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { PageHead } from '../../../components/section/page-head.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { RecordsBrowser } from './records-browser.tsx'

export function RecordsScreen({ cluster }: { cluster: string }) {
  const words = useWords().records
  const query = useLiveQuery(topicsQuery(cluster))
  const [topic, setTopic] = useUrlState('topic')
  const names = (query.data?.topics ?? []).map(({ name }) => name).sort()
  const row = query.data?.topics.find(({ name }) => name === topic)
  return (
    <>
      <PageHead
        title={words.title}
        facts={
          <NativeSelect
            aria-label={words.topic}
            value={topic}
            onChange={(event) => setTopic(event.currentTarget.value)}
            data={[{ value: '', label: words.chooseTopic }, ...names]}
            styles={{ input: { fontFamily: 'var(--font-code)' } }}
          />
        }
      />
      <Section query={query} subject={words.title}>
        {query.data === undefined && query.error === null && <SkeletonRows rows={14} />}
        {query.data !== undefined && topic === '' && (
          <EmptyState title={words.chooseTopic} detail={words.chooseTopicDetail} />
        )}
        {topic !== '' && (
          <RecordsBrowser key={topic} cluster={cluster} topic={topic} partitions={row?.partitions ?? 1} />
        )}
      </Section>
    </>
  )
}
