'use client'

import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { overviewQuery, recordsQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { parseRecordsSearch } from '../../../../lib/web/records-search.ts'
import { useLiveQuery } from '../../../../lib/web/use-live-query.ts'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { CommandLine } from '../../../components/text/command-line.tsx'
import classes from './records-browser.module.css'
import { RecordsControls } from './records-controls.tsx'
import { RecordsPager } from './records-pager.tsx'
import { RecordsTable } from './records-table.tsx'

interface RecordsBrowserProps {
  cluster: string
  topic: string
  partitions: number
}

/** A page of a topic's records, from where the URL says. */
export function RecordsBrowser({ cluster, topic, partitions }: RecordsBrowserProps) {
  const words = useWords().records
  const parameters = useSearchParams()
  const query = useQuery(
    recordsQuery(
      cluster,
      topic,
      parseRecordsSearch((name) => parameters.get(name)),
    ),
  )
  const bootstrap = useLiveQuery(overviewQuery(cluster)).data?.cluster.bootstrap ?? 'localhost:9092'
  const page = query.data
  const failed = page?.partitions.filter(({ problem }) => problem !== null) ?? []
  return (
    <Section query={query} subject={words.title}>
      <RecordsControls
        key={parameters.get('offset')}
        partitions={partitions}
        isReading={query.isFetching}
        onRead={() => query.refetch()}
      />
      {failed.map(({ partition, problem }) => (
        <p key={partition} className={classes.failed} role="status">
          {words.partitionFailed(partition, problem ?? '')}
        </p>
      ))}
      {page === undefined && query.error === null && <SkeletonRows rows={16} />}
      {page !== undefined && page.records.length === 0 && (
        <EmptyState title={words.empty} detail={words.emptyDetail}>
          <CommandLine command={`kafka-console-producer --bootstrap-server ${bootstrap} --topic ${topic}`} />
        </EmptyState>
      )}
      {page !== undefined && page.records.length > 0 && (
        <>
          <RecordsTable topic={topic} page={page} />
          <RecordsPager page={page} partitions={partitions} />
        </>
      )}
    </Section>
  )
}
