'use client'

import { useMemo } from 'react'
import type { GroupRow } from '../../../../lib/contract/group.ts'
import { groupHref } from '../../../../lib/web/links.ts'
import { groupsQuery, overviewQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../lib/web/use-live-query.ts'
import { FigureAge } from '../../../components/figure/figure-age.tsx'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { PageHead } from '../../../components/section/page-head.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { DataTable } from '../../../components/table/data-table.tsx'
import { CommandLine } from '../../../components/text/command-line.tsx'
import { groupColumns } from './group-columns.tsx'

export function GroupsScreen({ cluster }: { cluster: string }) {
  const words = useWords()
  const query = useLiveQuery(groupsQuery(cluster))
  const bootstrap = useLiveQuery(overviewQuery(cluster)).data?.cluster.bootstrap ?? 'localhost:9092'
  const columns = useMemo(() => groupColumns(cluster, words), [cluster, words])
  return (
    <FigureAge parts={query.data?.parts}>
      <PageHead title={words.groups.title} />
      <Section query={query} subject={words.groups.title} parts={Object.values(query.data?.parts ?? {})}>
        {query.data === undefined && query.error === null && <SkeletonRows rows={20} />}
        {query.data?.groups.length === 0 && (
          <EmptyState title={words.groups.emptyTitle} detail={words.groups.emptyDetail}>
            <CommandLine
              command={`kafka-console-consumer --bootstrap-server ${bootstrap} --topic my-topic --group my-group`}
            />
          </EmptyState>
        )}
        {query.data !== undefined && query.data.groups.length > 0 && (
          <DataTable
            label={words.groups.title}
            rows={query.data.groups}
            columns={columns}
            keyOf={idOf}
            hrefOf={(group) => groupHref(cluster, group.id)}
            defaultSort="-behind"
            textOf={textOf}
          />
        )}
      </Section>
    </FigureAge>
  )
}

const idOf = (group: GroupRow) => group.id
const textOf = (group: GroupRow) => `${group.id} ${group.topics.join(' ')}`
