'use client'

import type { Overview } from '../../../../lib/contract/cluster.ts'
import { overviewQuery } from '../../../../lib/web/queries.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../lib/web/use-live-query.ts'
import { FigureAge } from '../../../components/figure/figure-age.tsx'
import { PageHead } from '../../../components/section/page-head.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { VerdictLine } from '../../../components/section/verdict-line.tsx'
import { AttentionList } from './attention-list.tsx'
import { BrokersStrip } from './brokers-strip.tsx'
import { BusiestTopics } from './busiest-topics.tsx'
import { EmptyCluster } from './empty-cluster.tsx'
import classes from './overview-screen.module.css'
import { RecentChanges } from './recent-changes.tsx'
import { SlowestGroups } from './slowest-groups.tsx'
import { TrendsStrip } from './trends-strip.tsx'

export function OverviewScreen({ cluster }: { cluster: string }) {
  const words = useWords()
  const formats = useFormats()
  const query = useLiveQuery(overviewQuery(cluster))
  const overview = query.data
  return (
    <FigureAge parts={overview?.parts}>
      <PageHead
        title={words.overview.title}
        facts={overview === undefined ? undefined : <OverviewFacts overview={overview} />}
        verdict={
          overview === undefined ? undefined : (
            <VerdictLine health={overview.verdict.health} verdict={words.verdicts.cluster(overview.verdict, formats)} />
          )
        }
      />
      <Section query={query} subject={words.overview.title} parts={overview ? Object.values(overview.parts) : []}>
        {overview === undefined ? (
          <SkeletonRows rows={14} />
        ) : (
          <OverviewSections cluster={cluster} overview={overview} />
        )}
      </Section>
    </FigureAge>
  )
}

function OverviewFacts({ overview }: { overview: Overview }) {
  const words = useWords().overview
  const formats = useFormats()
  const { counts, round } = overview
  return (
    <span
      title={
        round === null
          ? undefined
          : words.roundCost(
              formats.exact(round.requests),
              formats.bytes(round.bytesIn + round.bytesOut),
              formats.duration(round.durationMs),
            )
      }
    >
      {words.counts(counts, formats)}
    </span>
  )
}

function OverviewSections({ cluster, overview }: { cluster: string; overview: Overview }) {
  const isEmpty = overview.counts.userTopics === 0 && overview.cluster.status === 'fresh'
  return (
    <>
      {overview.attention.length > 0 && <AttentionList items={overview.attention} />}
      {isEmpty && <EmptyCluster cluster={overview.cluster} />}
      <TrendsStrip cluster={cluster} overview={overview} />
      <BrokersStrip cluster={cluster} brokers={overview.brokers} />
      <div className={classes.lists}>
        <SlowestGroups
          cluster={cluster}
          groups={overview.slowestGroups}
          known={overview.counts.groups ?? 0}
          isLagKnown={overview.lagRecords !== null}
        />
        <BusiestTopics cluster={cluster} topics={overview.busiestTopics} known={overview.counts.userTopics} />
        <RecentChanges cluster={cluster} changes={overview.recentChanges} />
      </div>
    </>
  )
}
