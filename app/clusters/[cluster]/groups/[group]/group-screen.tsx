'use client'

import Link from 'next/link'
import type { GroupDetail } from '../../../../../lib/contract/group.ts'
import { pageHref } from '../../../../../lib/web/links.ts'
import { groupQuery } from '../../../../../lib/web/queries.ts'
import { useFormats, useWords } from '../../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../../lib/web/use-live-query.ts'
import { SeriesChart } from '../../../../components/chart/series-chart.tsx'
import { FigureAge } from '../../../../components/figure/figure-age.tsx'
import { EmptyState } from '../../../../components/section/empty-state.tsx'
import { PageHead } from '../../../../components/section/page-head.tsx'
import { PageTabs } from '../../../../components/section/page-tabs.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { SkeletonRows } from '../../../../components/section/skeleton-rows.tsx'
import { VerdictLine } from '../../../../components/section/verdict-line.tsx'
import { KafkaName } from '../../../../components/text/kafka-name.tsx'
import { GroupFacts } from './group-facts.tsx'
import { GroupMembersTab } from './group-members-tab.tsx'
import { GroupPositionsTab } from './group-positions-tab.tsx'
import classes from './group-screen.module.css'
import { LagStrip } from './lag-strip.tsx'

interface GroupScreenProps {
  cluster: string
  group: string
}

export function GroupScreen({ cluster, group }: GroupScreenProps) {
  const words = useWords()
  const formats = useFormats()
  const query = useLiveQuery(groupQuery(cluster, group))
  const detail = query.data
  if (query.error?.code === 'not_found') {
    return (
      <EmptyState title={words.groups.gone(group)} detail={words.groups.goneDetail}>
        <Link href={pageHref(cluster, 'groups')}>{words.groups.toGroups}</Link>
      </EmptyState>
    )
  }
  return (
    <FigureAge parts={detail?.parts}>
      <PageHead
        title={<KafkaName name={group} />}
        facts={detail === undefined ? undefined : <GroupFacts detail={detail} />}
        verdict={
          detail === undefined ? undefined : (
            <VerdictLine
              health={detail.verdict.health}
              verdict={words.verdicts.group(group, detail.verdict, formats)}
            />
          )
        }
      />
      {query.error !== null && (
        <Section query={query} subject={group}>
          {null}
        </Section>
      )}
      {detail === undefined && query.error === null && <SkeletonRows rows={14} />}
      {detail !== undefined && <GroupSections cluster={cluster} detail={detail} />}
    </FigureAge>
  )
}

function GroupSections({ cluster, detail }: { cluster: string; detail: GroupDetail }) {
  const words = useWords().groups
  const id = detail.group.id
  const subject = encodeURIComponent(id)
  const marks = { kind: 'group' as const, id }
  return (
    <>
      <div className={classes.charts}>
        <SeriesChart
          title={words.lagChart}
          unit={words.lagUnit}
          cluster={cluster}
          kind="group"
          column="lag"
          subjects={[subject]}
          marks={marks}
        />
        <SeriesChart
          title={words.behindChart}
          cluster={cluster}
          kind="group"
          column="lagMs"
          subjects={[subject]}
          marks={marks}
        />
      </div>
      {detail.positions.length > 0 && (
        <Section title={words.lagStrip}>
          <LagStrip positions={detail.positions} />
        </Section>
      )}
      <PageTabs
        tabs={[
          {
            name: 'partitions',
            label: words.tabs.partitions,
            count: detail.positions.length,
            content: () => <GroupPositionsTab cluster={cluster} detail={detail} />,
          },
          {
            name: 'members',
            label: words.tabs.members,
            count: detail.members.length,
            content: () => <GroupMembersTab detail={detail} />,
          },
        ]}
      />
    </>
  )
}
