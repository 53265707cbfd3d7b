'use client'

import { useMemo } from 'react'
import type { BrokerRow } from '../../../../lib/contract/broker.ts'
import { brokerHref } from '../../../../lib/web/links.ts'
import { brokersQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../lib/web/use-live-query.ts'
import { SeriesChart } from '../../../components/chart/series-chart.tsx'
import { FigureAge } from '../../../components/figure/figure-age.tsx'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { PageHead } from '../../../components/section/page-head.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { DataTable } from '../../../components/table/data-table.tsx'
import { brokerColumns } from './broker-columns.tsx'
import classes from './brokers-screen.module.css'

const chartedMax = 8

export function BrokersScreen({ cluster }: { cluster: string }) {
  const words = useWords()
  const query = useLiveQuery(brokersQuery(cluster))
  const columns = useMemo(() => brokerColumns(cluster, words), [cluster, words])
  const list = query.data
  const charted = (list?.brokers ?? []).slice(0, chartedMax).map(({ id }) => String(id))
  return (
    <FigureAge parts={list?.parts}>
      <PageHead
        title={words.brokers.title}
        facts={
          list?.controllerId == null ? undefined : (
            <span>
              {words.brokers.controller} {list.controllerId}
              {list.controllerEpoch !== null && ` · ${words.brokers.epoch(list.controllerEpoch)}`}
            </span>
          )
        }
      />
      <Section query={query} subject={words.brokers.title} parts={Object.values(list?.parts ?? {})}>
        {list === undefined && query.error === null && <SkeletonRows rows={6} />}
        {list?.brokers.length === 0 && (
          <EmptyState title={words.brokers.emptyTitle} detail={words.brokers.emptyDetail} />
        )}
        {list !== undefined && list.brokers.length > 0 && (
          <DataTable
            label={words.brokers.title}
            rows={list.brokers}
            columns={columns}
            keyOf={keyOf}
            hrefOf={(broker) => brokerHref(cluster, broker.id)}
            defaultSort="id"
            textOf={textOf}
          />
        )}
      </Section>
      {charted.length > 0 && (
        <div className={classes.charts}>
          <SeriesChart
            title={words.brokers.recordsChart}
            cluster={cluster}
            kind="broker"
            column="recordsIn"
            subjects={charted}
          />
          <SeriesChart
            title={words.brokers.sizeChart}
            cluster={cluster}
            kind="broker"
            column="sizeBytes"
            subjects={charted}
          />
        </div>
      )}
    </FigureAge>
  )
}

const keyOf = ({ id }: BrokerRow) => String(id)
const textOf = ({ id, host, port, rack }: BrokerRow) => `${id} ${host}:${port} ${rack ?? ''}`
