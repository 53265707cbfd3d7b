'use client'

import type { TopicDetail } from '../../../../../lib/contract/topic.ts'
import { groupHref } from '../../../../../lib/web/links.ts'
import { overviewQuery } from '../../../../../lib/web/queries.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../../lib/web/use-live-query.ts'
import { Figure } from '../../../../components/figure/figure.tsx'
import { EmptyState } from '../../../../components/section/empty-state.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { SimpleTable } from '../../../../components/table/simple-table.tsx'
import { CommandLine } from '../../../../components/text/command-line.tsx'
import { NameLink } from '../../../../components/text/name-link.tsx'

interface TopicGroupsTabProps {
  cluster: string
  detail: TopicDetail
}

export function TopicGroupsTab({ cluster, detail }: TopicGroupsTabProps) {
  const words = useWords()
  const bootstrap = useLiveQuery(overviewQuery(cluster)).data?.cluster.bootstrap ?? 'localhost:9092'
  if (detail.groups.length === 0) {
    return (
      <EmptyState title={words.topics.noGroups} detail={words.topics.noGroupsDetail}>
        <CommandLine
          command={`kafka-console-consumer --bootstrap-server ${bootstrap} --topic ${detail.topic.name} --group my-group`}
        />
      </EmptyState>
    )
  }
  return (
    <Section>
      <SimpleTable
        label={words.topics.tabs.groups}
        rows={detail.groups}
        keyOf={(row) => row.group}
        columns={[
          {
            id: 'group',
            header: words.groups.name,
            width: 'minmax(160px, 3fr)',
            cell: (row) => <NameLink name={row.group} href={groupHref(cluster, row.group)} />,
            narrow: 'lead',
          },
          {
            id: 'state',
            header: words.groups.state,
            width: 'minmax(100px, 1fr)',
            cell: (row) => row.state,
            narrow: 'state',
          },
          {
            id: 'lag',
            header: words.groups.lag,
            hint: words.groups.lagHint,
            width: '110px',
            align: 'end',
            cell: (row) => (
              <Figure value={row.lagRecords} source="lag" unit="count" reason={words.common.unknownNoCommit} />
            ),
            narrow: 'figure',
          },
          {
            id: 'behind',
            header: words.groups.behind,
            hint: words.groups.behindHint,
            width: '110px',
            align: 'end',
            cell: (row) => (
              <Figure value={row.lagSeconds} source="lag" unit="seconds" reason={words.common.unknownNoHistory} />
            ),
            narrow: 'figure',
          },
        ]}
      />
    </Section>
  )
}
