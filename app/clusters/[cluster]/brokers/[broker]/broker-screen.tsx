'use client'

import Link from 'next/link'
import type { BrokerDetail } from '../../../../../lib/contract/broker.ts'
import { pageHref } from '../../../../../lib/web/links.ts'
import { brokerQuery } from '../../../../../lib/web/queries.ts'
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
import classes from '../brokers-screen.module.css'
import { BrokerActs } from './broker-acts.tsx'
import { BrokerConfigsTab } from './broker-configs-tab.tsx'
import { BrokerFacts } from './broker-facts.tsx'
import { BrokerLogDirsTab } from './broker-log-dirs-tab.tsx'
import { BrokerReplicasTab } from './broker-replicas-tab.tsx'

interface BrokerScreenProps {
  cluster: string
  broker: string
}

export function BrokerScreen({ cluster, broker }: BrokerScreenProps) {
  const words = useWords()
  const formats = useFormats()
  const query = useLiveQuery(brokerQuery(cluster, broker))
  const detail = query.data
  if (query.error?.code === 'not_found') {
    return (
      <EmptyState title={words.brokers.gone(broker)} detail={words.brokers.goneDetail}>
        <Link href={pageHref(cluster, 'brokers')}>{words.brokers.toBrokers}</Link>
      </EmptyState>
    )
  }
  return (
    <FigureAge parts={detail?.parts}>
      <PageHead
        title={words.brokers.one(Number(broker))}
        facts={detail === undefined ? undefined : <BrokerFacts detail={detail} />}
        acts={detail?.broker.isEmbedded ? <BrokerActs cluster={cluster} broker={detail.broker} /> : undefined}
        verdict={
          detail === undefined ? undefined : (
            <VerdictLine health={detail.broker.health} verdict={words.verdicts.broker(detail.broker, formats)} />
          )
        }
      />
      {query.error !== null && (
        <Section query={query} subject={words.brokers.one(Number(broker))}>
          {null}
        </Section>
      )}
      {detail === undefined && query.error === null && <SkeletonRows rows={14} />}
      {detail !== undefined && <BrokerSections cluster={cluster} detail={detail} />}
    </FigureAge>
  )
}

function BrokerSections({ cluster, detail }: { cluster: string; detail: BrokerDetail }) {
  const words = useWords().brokers
  const id = String(detail.broker.id)
  const marks = { kind: 'broker' as const, id }
  return (
    <>
      <div className={classes.charts}>
        <SeriesChart
          title={words.recordsChart}
          cluster={cluster}
          kind="broker"
          column="recordsIn"
          subjects={[id]}
          marks={marks}
        />
        <SeriesChart
          title={words.leadersChart}
          unit={words.leadersUnit}
          cluster={cluster}
          kind="broker"
          column="leaders"
          subjects={[id]}
          marks={marks}
        />
      </div>
      <PageTabs
        tabs={[
          {
            name: 'replicas',
            label: words.tabs.replicas,
            count: detail.replicas.length,
            content: () => <BrokerReplicasTab cluster={cluster} detail={detail} />,
          },
          {
            name: 'logDirs',
            label: words.tabs.logDirs,
            count: detail.logDirs.length,
            content: () => <BrokerLogDirsTab detail={detail} />,
          },
          {
            name: 'configs',
            label: words.tabs.configs,
            content: () => <BrokerConfigsTab cluster={cluster} broker={id} />,
          },
        ]}
      />
    </>
  )
}
