'use client'

import Link from 'next/link'
import type { TopicDetail } from '../../../../../lib/contract/topic.ts'
import { pageHref } from '../../../../../lib/web/links.ts'
import { topicQuery } from '../../../../../lib/web/queries.ts'
import { useFormats, useWords } from '../../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../../lib/web/use-live-query.ts'
import { FigureAge } from '../../../../components/figure/figure-age.tsx'
import { EmptyState } from '../../../../components/section/empty-state.tsx'
import { PageHead } from '../../../../components/section/page-head.tsx'
import { PageTabs } from '../../../../components/section/page-tabs.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { SkeletonRows } from '../../../../components/section/skeleton-rows.tsx'
import { VerdictLine } from '../../../../components/section/verdict-line.tsx'
import { KafkaName } from '../../../../components/text/kafka-name.tsx'
import { RecordsBrowser } from '../../records/records-browser.tsx'
import { TopicActs } from './topic-acts.tsx'
import { TopicConfigsTab } from './topic-configs-tab.tsx'
import { TopicFacts } from './topic-facts.tsx'
import { TopicGroupsTab } from './topic-groups-tab.tsx'
import { TopicPartitionsTab } from './topic-partitions-tab.tsx'

interface TopicScreenProps {
  cluster: string
  topic: string
}

export function TopicScreen({ cluster, topic }: TopicScreenProps) {
  const words = useWords()
  const formats = useFormats()
  const query = useLiveQuery(topicQuery(cluster, topic))
  const detail = query.data
  if (query.error?.code === 'not_found') {
    return (
      <EmptyState title={words.topics.gone(topic)} detail={words.topics.goneDetail}>
        <Link href={pageHref(cluster, 'topics')}>{words.topics.toTopics}</Link>
      </EmptyState>
    )
  }
  return (
    <FigureAge parts={detail?.parts}>
      <PageHead
        title={<KafkaName name={topic} />}
        facts={detail === undefined ? undefined : <TopicFacts detail={detail} />}
        acts={<TopicActs cluster={cluster} topic={topic} />}
        verdict={
          detail === undefined ? undefined : (
            <VerdictLine
              health={detail.verdict.health}
              verdict={words.verdicts.topic(topic, detail.verdict, formats)}
            />
          )
        }
      />
      {query.error !== null && (
        <Section query={query} subject={topic}>
          {null}
        </Section>
      )}
      {detail === undefined && query.error === null && <SkeletonRows rows={14} />}
      {detail !== undefined && <TopicTabs cluster={cluster} detail={detail} />}
    </FigureAge>
  )
}

function TopicTabs({ cluster, detail }: { cluster: string; detail: TopicDetail }) {
  const { tabs } = useWords().topics
  const topic = detail.topic.name
  return (
    <PageTabs
      tabs={[
        {
          name: 'partitions',
          label: tabs.partitions,
          count: detail.partitions.length,
          content: () => <TopicPartitionsTab cluster={cluster} detail={detail} />,
        },
        {
          name: 'records',
          label: tabs.records,
          content: () => <RecordsBrowser cluster={cluster} topic={topic} partitions={detail.partitions.length} />,
        },
        {
          name: 'groups',
          label: tabs.groups,
          count: detail.groups.length,
          content: () => <TopicGroupsTab cluster={cluster} detail={detail} />,
        },
        { name: 'configs', label: tabs.configs, content: () => <TopicConfigsTab cluster={cluster} topic={topic} /> },
      ]}
    />
  )
}
