'use client'

import { Button, Switch } from '@mantine/core'
import Link from 'next/link'
import { useMemo } from 'react'
import type { TopicRow } from '../../../../lib/contract/topic.ts'
import { newTopicHref, topicHref } from '../../../../lib/web/links.ts'
import { topicsQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../lib/web/use-live-query.ts'
import { useUrlState } from '../../../../lib/web/use-url-state.ts'
import { FigureAge } from '../../../components/figure/figure-age.tsx'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { PageHead } from '../../../components/section/page-head.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { DataTable } from '../../../components/table/data-table.tsx'
import { CommandLine } from '../../../components/text/command-line.tsx'
import { topicColumns } from './topic-columns.tsx'

const nothing: TopicRow[] = []

export function TopicsScreen({ cluster }: { cluster: string }) {
  const words = useWords()
  const query = useLiveQuery(topicsQuery(cluster))
  const [internal, setInternal] = useUrlState('internal')
  const rows = query.data?.topics ?? nothing
  const shown = useMemo(() => (internal === '1' ? rows : rows.filter((topic) => !topic.isInternal)), [rows, internal])
  const columns = useMemo(() => topicColumns(cluster, words), [cluster, words])
  const internalSwitch = (
    <Switch
      size="xs"
      label={words.topics.showInternal}
      checked={internal === '1'}
      onChange={(event) => setInternal(event.currentTarget.checked ? '1' : '')}
    />
  )
  return (
    <FigureAge parts={query.data?.parts}>
      <PageHead
        title={words.topics.title}
        acts={
          <Button component={Link} data-button href={newTopicHref(cluster)}>
            {words.topics.create}
          </Button>
        }
      />
      <Section query={query} subject={words.topics.title} parts={Object.values(query.data?.parts ?? {})}>
        {query.data === undefined && query.error === null && <SkeletonRows rows={20} />}
        {query.data !== undefined && shown.length === 0 && (
          <EmptyState title={words.topics.emptyTitle} detail={words.topics.emptyDetail}>
            <CommandLine command="npm run demo" />
            {internalSwitch}
          </EmptyState>
        )}
        {shown.length > 0 && (
          <DataTable
            label={words.topics.title}
            rows={shown}
            columns={columns}
            keyOf={nameOf}
            hrefOf={(topic) => topicHref(cluster, topic.name)}
            defaultSort="name"
            textOf={nameOf}
            controls={internalSwitch}
          />
        )}
      </Section>
    </FigureAge>
  )
}

const nameOf = (topic: TopicRow) => topic.name
